import type { ChangeKind } from './change.ts';
import type { EntryStat } from './entry.ts';

/**
 * Whether two stats describe the same file. The inode alone does not tell: ext4 hands the inode of a
 * removed file to the next one created, so birth time and type belong to the identity.
 */
export function sameIdentity(a: EntryStat, b: EntryStat): boolean {
  return a.ino === b.ino && a.birthtimeNs === b.birthtimeNs && a.dev === b.dev && a.type === b.type;
}

/**
 * Whether two stats describe the same file on a file system that was mounted anew: overlayfs, btrfs, NFS
 * and tmpfs get another device number each time. Without a birth time, an inode alone proves nothing.
 */
export function isRemounted(before: EntryStat, after: EntryStat): boolean {
  if (before.dev === after.dev || before.birthtimeNs === 0n) return false;
  return sameIdentity({ ...before, dev: after.dev }, after);
}

/**
 * Decides what happened to one name, from the stat known before and the one found now. Values are
 * compared for difference, never for order: `cp -p` and `rsync -t` set times that lie in the past.
 *
 * Size and times of a directory follow from its entries, which have verdicts of their own, so only
 * its identity and mode count.
 */
export function verdict(
  before: EntryStat | null,
  after: EntryStat | null,
): Exclude<ChangeKind, 'rename'> | null {
  if (before === after) return null;
  if (before === null) return 'create';
  if (after === null) return 'remove';
  if (!sameIdentity(before, after) || before.link !== after.link) return 'replace';
  if (after.type === 'directory') return before.mode === after.mode ? null : 'attributes';
  if (before.size !== after.size || before.mtimeNs !== after.mtimeNs) return 'modify';
  if (
    before.ctimeNs !== after.ctimeNs ||
    before.mode !== after.mode ||
    before.nlink !== after.nlink
  ) {
    return 'attributes';
  }
  return null;
}
