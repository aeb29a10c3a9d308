import type { BigIntStats } from 'node:fs';
import type { Clock, Timer } from '../clock.ts';
import type { AbsPath } from '../entry.ts';
import type { WatchError } from '../errors.ts';
import type { BackendErrors } from './backend-errors.ts';
import { isSameEntry, readStats, type EntryIdentity } from './entry-look.ts';

/** Looks of many guards fall on common multiples of this, in milliseconds, so that a hundred of them wake the process ten times a second and not a hundred. */
export const ROOT_CHECK_GRID_MS = 100;

/**
 * Reads the directory that is to be watched.
 *
 * @throws WatchError when it is not there, is no directory, or cannot be read.
 */
export function readRoot(root: AbsPath, errors: BackendErrors): BigIntStats {
  const stats = readOrThrow(root, errors);
  if (stats === null) throw errors.missing(root);
  if (!stats.isDirectory()) throw errors.notDirectory(root);
  return stats;
}

function readOrThrow(root: AbsPath, errors: BackendErrors): BigIntStats | null {
  try {
    return readStats(root);
  } catch (cause) {
    // Every failure of one lstat has a code of its own.
    throw errors.watching(cause, root);
  }
}

/**
 * Knows whether the root is still the directory that was opened. Events do not tell it all: renaming an
 * ancestor or unmounting a disk sends none to the root.
 */
export class RootGuard {
  readonly #root: AbsPath;
  readonly #identity: EntryIdentity;
  readonly #errors: BackendErrors;
  readonly #onGone: (error: WatchError) => void;
  #timer: Timer | null = null;
  #stopped = false;

  /** Guards a directory of a known identity; `onGone` is called by the look that finds it gone. */
  constructor(
    root: AbsPath,
    identity: EntryIdentity,
    errors: BackendErrors,
    onGone: (error: WatchError) => void,
  ) {
    this.#root = root;
    this.#identity = identity;
    this.#errors = errors;
    this.#onGone = onGone;
  }

  /** Compares now; `false` when the root is gone or another directory, which `onGone` is told. */
  check(): boolean {
    const error = this.#judge();
    if (error === null) return true;
    this.stop();
    this.#onGone(error);
    return false;
  }

  /** Compares every `intervalMs`, without keeping the process alive, and calls `between` after each look that found the root in place. */
  start(clock: Clock, intervalMs: number, between: () => void): void {
    if (this.#stopped) return;
    const now = clock.now();
    const due = Math.ceil((now + intervalMs) / ROOT_CHECK_GRID_MS) * ROOT_CHECK_GRID_MS;
    this.#timer = clock.setTimeout(() => {
      this.#timer = null;
      if (!this.check()) return;
      between();
      this.start(clock, intervalMs, between);
    }, due - now);
    this.#timer.unref();
  }

  /** Stops looking for good. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #judge(): WatchError | null {
    try {
      const stats = readStats(this.#root);
      if (stats === null) return this.#errors.rootGone(this.#root, 'removed');
      if (stats.isDirectory() && isSameEntry(stats, this.#identity)) return null;
      return this.#errors.rootGone(this.#root, 'replaced');
    } catch (cause) {
      // Whatever keeps it from being read keeps it from being watched.
      return this.#errors.rootGone(this.#root, 'unreachable', cause);
    }
  }
}
