import type { EntryStat } from '@watchkeeper/core';

/** What tells one file from another that has or had the same name. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
  /** 0 when the file system has no time of birth, or is not yet known to have one. */
  readonly birthtimeNs: bigint;
}

/** The fields of a stat that decide identity; {@link EntryStat} and `BigIntStats` both have them. */
export type IdentityStat = Pick<EntryStat, 'dev' | 'ino' | 'birthtimeNs' | 'ctimeNs'>;

/**
 * Devices on which a time of birth other than the change time was seen. Where a file system has none,
 * libuv and some kernels report the change time in its place, which moves with every append.
 */
const provenDevices = new Set<bigint>();

/**
 * Takes the identity out of a stat. The time of birth counts only on devices that are known to have one; each stat that
 * shows one adds its device.
 */
export function identityOf(stat: IdentityStat): FileIdentity {
  if (stat.birthtimeNs > 0n && stat.birthtimeNs !== stat.ctimeNs) provenDevices.add(stat.dev);
  const birthtimeNs = stat.birthtimeNs > 0n && provenDevices.has(stat.dev) ? stat.birthtimeNs : 0n;
  return { dev: stat.dev, ino: stat.ino, birthtimeNs };
}

/** Whether a stat carries a time of birth that cannot be told from a stand-in yet; a stat of the directory may help. */
export function needsBirthtimeProof(stat: IdentityStat): boolean {
  return stat.birthtimeNs > 0n && !provenDevices.has(stat.dev);
}

/** Whether two identities are of one file, as far as they tell: an unknown time of birth equals any. */
export function sameFile(a: FileIdentity, b: FileIdentity): boolean {
  return (
    a.ino === b.ino &&
    a.dev === b.dev &&
    (a.birthtimeNs === 0n || b.birthtimeNs === 0n || a.birthtimeNs === b.birthtimeNs)
  );
}

/** Whether the file that is found now is the one that was known, also when the path led nowhere (`wasMissing`) in between. */
export function isStillThere(
  known: FileIdentity,
  found: FileIdentity,
  wasMissing: boolean,
): boolean {
  // Without a time of birth, a file that came back cannot be told from one that got the same inode number.
  const certain = known.birthtimeNs !== 0n && found.birthtimeNs !== 0n;
  return sameFile(known, found) && (certain || !wasMissing);
}
