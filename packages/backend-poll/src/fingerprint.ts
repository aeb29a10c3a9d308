import { constants, type BigIntStats } from 'node:fs';
import type { EntryStat } from '@watchkeeper/core';
import { isSameEntry } from '@watchkeeper/core/backend-kit';

/**
 * Whether anything differs between two readings. Times are compared for equality only: `cp -p`,
 * `git stash` and a corrected clock move them backwards.
 */
export function differs(known: EntryStat, stats: BigIntStats): boolean {
  return (
    known.mtimeNs !== stats.mtimeNs ||
    known.size !== stats.size ||
    known.ctimeNs !== stats.ctimeNs ||
    isReplaced(known, stats)
  );
}

/** Whether another file system object took the name. */
export function isReplaced(known: EntryStat, stats: BigIntStats): boolean {
  return !isSameEntry(known, stats) || isOtherType(known, stats);
}

/** Compares the bits of the mode: naming the type of every reading would take longer than all else. */
function isOtherType(known: EntryStat, stats: BigIntStats): boolean {
  return ((known.mode ^ Number(stats.mode)) & constants.S_IFMT) !== 0;
}
