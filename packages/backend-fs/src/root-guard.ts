import { basename } from 'node:path';
import { WatchError, type AbsPath, type Clock, type Timer } from '@watchkeeper/core';
import { isSame, lookAt, type Identity } from './entry-look.ts';
import { BACKEND_NAME, toWatchError } from './watch-failure.ts';

/** Reads the root; throws a {@link WatchError} when it cannot be watched. */
export function readRoot(root: AbsPath): Identity {
  const stats = lookAtRoot(root);
  if (stats === null) {
    const cause = Object.assign(new Error(`ENOENT: ${root}`), { code: 'ENOENT' });
    throw toWatchError(cause, root);
  }
  if (!stats.isDirectory()) {
    const cause = Object.assign(new Error(`ENOTDIR: ${root}`), { code: 'ENOTDIR' });
    throw toWatchError(cause, root);
  }
  return stats;
}

function lookAtRoot(root: AbsPath): ReturnType<typeof lookAt> {
  try {
    return lookAt(root);
  } catch (cause) {
    // Every failure of one lstat has a code of its own.
    throw toWatchError(cause, root);
  }
}

/** Knows whether the root is still the directory that was opened. */
export class RootGuard {
  readonly #root: AbsPath;
  readonly #name: string;
  readonly #identity: Identity;
  readonly #onGone: (error: WatchError) => void;
  #timer: Timer | null = null;

  constructor(root: AbsPath, identity: Identity, onGone: (error: WatchError) => void) {
    this.#root = root;
    this.#name = basename(root);
    this.#identity = identity;
    this.#onGone = onGone;
  }

  /** Whether an event of the root's own handle may be about the root: inotify names it like an entry. */
  mayConcern(name: string): boolean {
    return name === this.#name;
  }

  /** Compares now; `false` when the root is gone or another directory, which is then told once. */
  check(): boolean {
    const error = this.#judge();
    if (error === null) return true;
    this.stop();
    this.#onGone(error);
    return false;
  }

  /** Compares every `intervalMs`, and calls `between` after each look that found the root in place. */
  start(clock: Clock, intervalMs: number, between: () => void): void {
    this.#timer = clock.setTimeout(() => {
      this.#timer = null;
      if (!this.check()) return;
      between();
      this.start(clock, intervalMs, between);
    }, intervalMs);
    this.#timer.unref();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #judge(): WatchError | null {
    const facts = {
      code: 'ERR_WATCH_ROOT_GONE',
      retryable: true,
      backend: BACKEND_NAME,
      paths: [this.#root],
    } as const;
    try {
      const stats = lookAt(this.#root);
      if (stats === null)
        return new WatchError(`The watched directory ${this.#root} is gone`, facts);
      if (stats.isDirectory() && isSame(stats, this.#identity)) return null;
      return new WatchError(`The watched directory ${this.#root} was replaced`, facts);
    } catch (cause) {
      return new WatchError(`The watched directory ${this.#root} cannot be reached`, {
        ...facts,
        cause,
      });
    }
  }
}
