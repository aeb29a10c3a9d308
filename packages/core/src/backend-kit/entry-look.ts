import { lstatSync, type BigIntStats } from 'node:fs';
import type { EntryStat } from '../entry.ts';
import { isAbsence, toEntryStat } from '../entry-stat.ts';

/** What tells one entry from another that took its name: ext4 reuses inode numbers at once, birth times it does not. */
export interface EntryIdentity {
  /** Device id. */
  readonly dev: bigint;
  /** Inode number or file id. */
  readonly ino: bigint;
  /** Time of birth in nanoseconds since the epoch. */
  readonly birthtimeNs: bigint;
}

/** Whether two readings are of one file system object. */
export function isSameEntry(a: EntryIdentity, b: EntryIdentity): boolean {
  return a.ino === b.ino && a.dev === b.dev && a.birthtimeNs === b.birthtimeNs;
}

/** Reads an entry without following a link; `null` when there is none. Throws what the system says otherwise. */
export function readStats(path: string): BigIntStats | null {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch (error) {
    // A directory above it is gone, or no directory any more.
    if (isAbsence(error)) return null;
    throw error;
  }
}

/**
 * Same as {@link readStats}, with `undefined` for an entry that cannot be read: touch it without a stat,
 * and core finds out why.
 */
export function tryReadStats(path: string): BigIntStats | null | undefined {
  try {
    return readStats(path);
  } catch {
    // Permission, I/O or name length: none of them says that the entry is gone.
    return undefined;
  }
}

/**
 * The stat to send along with a touch, from a reading that was taken after the event. `undefined` for a
 * symlink: core needs its target, which takes another call.
 */
export function toTouchStat(stats: BigIntStats): EntryStat | undefined {
  return stats.isSymbolicLink() ? undefined : toEntryStat(stats);
}
