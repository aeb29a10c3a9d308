import type { Place } from '@watchkeeper/core';

/** Step of file times where the kernel stamps them from its tick: 10 ms at the slowest tick in use, doubled for safety. */
export const FINE_GRANULARITY_MS = 20;

/** Step of file times on FAT, the coarsest in use, assumed wherever it is not known to be finer. */
export const COARSE_GRANULARITY_MS = 2000;

/** How far the clock that stamps files on another host may be behind this one. */
export const SKEW_ALLOWANCE_MS = 300_000;

/** File systems that keep nanoseconds and are stamped by this kernel. */
const FINE: ReadonlySet<string> = new Set([
  'apfs',
  'bcachefs',
  'btrfs',
  'ext4',
  'f2fs',
  'ntfs',
  'overlay',
  'tmpfs',
  'ufs',
  'xfs',
  'zfs',
]);

/** How far apart two writes must be to get different times at a place, in milliseconds. */
export function granularityAt(place: Place): number {
  return place.shared === false && FINE.has(place.fsType)
    ? FINE_GRANULARITY_MS
    : COARSE_GRANULARITY_MS;
}

/**
 * Whether a write after a reading could have left the reading's times as they were. A time in the
 * future is as young as can be.
 */
export function isUnsettled(place: Place, mtimeNs: bigint, wallNowMs: number): boolean {
  const slackMs = place.shared === false ? 0 : SKEW_ALLOWANCE_MS;
  return wallNowMs - Number(mtimeNs / 1_000_000n) < granularityAt(place) + slackMs;
}
