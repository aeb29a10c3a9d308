import type { BigIntStats } from 'node:fs';
import type { EntryStat, EntryType } from '@watchkeeper/core';

/** The kind of entry a reading shows. */
export function typeOf(
  stats: Pick<BigIntStats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>,
): EntryType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}

/** A reading in core's words, without a symlink's target. */
export function toEntryStat(stats: BigIntStats): EntryStat {
  return {
    type: typeOf(stats),
    size: stats.size,
    mtimeNs: stats.mtimeNs,
    ctimeNs: stats.ctimeNs,
    birthtimeNs: stats.birthtimeNs,
    dev: stats.dev,
    ino: stats.ino,
    mode: Number(stats.mode),
    nlink: stats.nlink,
  };
}

/**
 * Whether anything differs between two readings. Times are compared for equality only: `cp -p`,
 * `git stash` and a corrected clock move them backwards.
 */
export function differs(known: EntryStat, stats: BigIntStats): boolean {
  return (
    known.mtimeNs !== stats.mtimeNs ||
    known.size !== stats.size ||
    known.ctimeNs !== stats.ctimeNs ||
    known.ino !== stats.ino ||
    known.dev !== stats.dev ||
    known.birthtimeNs !== stats.birthtimeNs ||
    known.type !== typeOf(stats)
  );
}

/** Whether another file system object took the name. */
export function isReplaced(known: EntryStat, stats: BigIntStats): boolean {
  return (
    known.ino !== stats.ino ||
    known.dev !== stats.dev ||
    known.birthtimeNs !== stats.birthtimeNs ||
    known.type !== typeOf(stats)
  );
}
