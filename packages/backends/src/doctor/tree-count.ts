import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@watchkeeper/core';
import { errorCode } from '@watchkeeper/core/backend-kit';
import { LATE, within } from './deadline.ts';

/** Longest time for counting a tree, in milliseconds: a minute of waiting would not make the advice better. */
export const COUNT_MS = 5000;

/** Most entries that are counted: past it no default limit of any system is enough anyway. */
export const COUNT_ENTRIES = 1_000_000;

/** Directories read at once: half of the threads Node has for files. */
const READS_AT_ONCE = 2;

/** How large a tree is. */
export interface TreeCount {
  /** Directories, the top one included. */
  readonly directories: number;
  /** Everything below the top. */
  readonly entries: number;
  /** Why counting ended early, so that the tree is at least so large; `null` when all was counted. */
  readonly stoppedBy: 'entries' | 'time' | 'abort' | null;
  /** Directories that could not be listed. */
  readonly unreadable: number;
}

/** Options of {@link countTree}. */
export interface CountOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** @defaultValue `COUNT_MS` */
  readonly maxMs?: number;
  /** @defaultValue `COUNT_ENTRIES` */
  readonly maxEntries?: number;
  /** Called with the entries so far. */
  readonly onEntries?: ((entries: number) => void) | undefined;
}

/** Counts a tree without following links, within bounds of time and number. */
export async function countTree(root: string, options: CountOptions): Promise<TreeCount> {
  const { clock, signal, maxMs = COUNT_MS, maxEntries = COUNT_ENTRIES, onEntries } = options;
  const count = { directories: 1, entries: 0, unreadable: 0 };
  const deadline = clock.now() + maxMs;
  const pending = [root];
  const state: { stoppedBy: TreeCount['stoppedBy'] } = { stoppedBy: null };
  const bounds = (): TreeCount['stoppedBy'] => {
    if (signal?.aborted === true) return 'abort';
    if (count.entries >= maxEntries) return 'entries';
    return clock.now() >= deadline ? 'time' : null;
  };
  const read = async (directory: string): Promise<void> => {
    try {
      for (const entry of await readdir(directory, { withFileTypes: true })) {
        count.entries += 1;
        if (!entry.isDirectory()) continue;
        count.directories += 1;
        pending.push(join(directory, entry.name));
      }
    } catch (error) {
      // Removed since it was listed: then it is in no watcher's way either.
      if (errorCode(error) !== 'ENOENT') count.unreadable += 1;
    }
    onEntries?.(count.entries);
  };
  const readAll = async (): Promise<void> => {
    while (pending.length > 0 && state.stoppedBy === null) {
      const some = pending.splice(-READS_AT_ONCE);
      await Promise.all(some.map(read));
      if (pending.length > 0) state.stoppedBy = bounds();
    }
  };
  // The bound is looked at between two reads; a read that never answers needs one from outside.
  if ((await within(readAll(), maxMs, clock)) === LATE) state.stoppedBy ??= 'time';
  return { ...count, stoppedBy: state.stoppedBy };
}
