import type { Clock, PathWatcher } from '@watchkeeper/core';
import type { TranscriptProvider } from '@watchkeeper/transcript';

import type { SessionStore } from './store.ts';

/** Most rows written in one transaction: a full slice of usual rows holds the event loop for a few milliseconds. */
export const SLICE_ROWS = 200;

/** Most bytes of transcript written in one transaction: as {@link SLICE_ROWS}, for large rows. */
export const SLICE_BYTES: number = 256 * 1024;

/** A transcript that was written to within this time is followed line by line, in milliseconds; an agent that thinks longer is picked up again by the watch on its root. */
export const LIVE_IDLE_MS = 600_000;

/** Transcripts read at once in a pass: enough to keep the disk busy while rows are written, few enough to bound memory. */
export const PASS_CONCURRENCY = 4;

/** First pause after a failed write, in milliseconds. */
export const WRITE_RETRY_MIN_MS = 100;

/** Longest pause after a failed write, in milliseconds: a disk that has space again is used within it. */
export const WRITE_RETRY_MAX_MS = 5000;

/** First pause before a transcript whose following ended by itself is followed again, in milliseconds: what ended it may pass at once. */
export const FOLLOW_RETRY_MIN_MS = 1000;

/** Longest such pause, in milliseconds: as often as a root that cannot be watched is walked. */
export const FOLLOW_RETRY_MAX_MS = 30_000;

/** Time between two walks of a root that cannot be watched, in milliseconds. */
export const UNWATCHED_WALK_MS = 30_000;

/** What a sync cannot do or had to work around. Nothing of it is lost: it is tried again where that can help. */
export interface SyncProblem {
  /**
   * - `ROOT_MISSING`: the root is not there; it is waited for.
   * - `WATCH_FAILED`: watching does not work or not fully; a root that cannot be watched is walked now and then.
   * - `READ_FAILED`: a directory or transcript cannot be read for now.
   * - `LINE_SKIPPED`: a line is too long or cannot be parsed.
   * - `WRITE_FAILED`: the store does not take a batch. If the error is a `StoreError` that is retryable,
   *   reading is held back until it does; else the transcript is left where it is until it changes or
   *   the next start.
   * - `ID_TAKEN`: two transcripts have one name; the later one got an id of its own.
   */
  readonly code:
    | 'ROOT_MISSING'
    | 'WATCH_FAILED'
    | 'READ_FAILED'
    | 'LINE_SKIPPED'
    | 'WRITE_FAILED'
    | 'ID_TAKEN';
  /** The root, directory or transcript concerned. */
  readonly path: string;
  /** The session concerned, or `null`. */
  readonly sessionId: string | null;
  /** What happened, in one sentence. */
  readonly message: string;
  /** The error underneath, if there is one. */
  readonly cause?: unknown;
}

/** Options of `createSessionSync`. None can change after the start. */
export interface SessionSyncOptions {
  /** Where messages go. Must be writable; it stays the caller's to close. */
  readonly store: SessionStore;
  /** Directories that hold transcripts, such as `~/.claude/projects` (written out). They need not exist yet. */
  readonly roots: readonly string[];
  /** Which agents' transcripts are looked for; the first that knows a file reads it. @defaultValue Claude Code */
  readonly providers?: readonly TranscriptProvider[];
  /** Who tells of changes. @defaultValue one shared watcher per process that chooses its backend by place */
  readonly watcher?: PathWatcher;
  /** Time for pauses and idleness. @defaultValue the system clock */
  readonly clock?: Clock;
  /** Quiet time before appended lines are written, in milliseconds, 0 or more. @defaultValue `100` */
  readonly debounceMs?: number;
  /** Longest time a line waits to be written, in milliseconds, 0 or more. @defaultValue `500` */
  readonly maxWaitMs?: number;
  /**
   * How long a write that fails, but may work later (the disk is full, another process holds the lock), is
   * tried again, in milliseconds, 0 or more. The default waits for as long as it takes, as a service
   * should. With a finite time `start()` rejects with the first `StoreError` that was not got over within
   * it, and at once with one that cannot pass: what a command needs that must end. Nothing is lost
   * either way: the cursor stays where the stored messages end.
   *
   * @defaultValue `Infinity`
   */
  readonly giveUpAfterMs?: number;
  /** Receives problems as data. Must not throw. */
  readonly onProblem?: (problem: SyncProblem) => void;
}

function checkDelay(name: string, value: number | undefined): void {
  if (value !== undefined && !(Number.isFinite(value) && value >= 0)) {
    throw new TypeError(`${name}: wanted a number of 0 or more, got ${value}`);
  }
}

/** @throws TypeError naming the option that is wrong. */
export function checkSyncOptions(options: SessionSyncOptions): void {
  if (!options.store.writable) {
    throw new TypeError('store: wanted a writable store, got one opened for reading only');
  }
  if (
    !Array.isArray(options.roots) ||
    options.roots.some((root) => typeof root !== 'string' || root === '')
  ) {
    throw new TypeError(`roots: wanted directory paths, got ${JSON.stringify(options.roots)}`);
  }
  if (options.providers?.length === 0) {
    throw new TypeError('providers: wanted at least one, got none');
  }
  if (options.giveUpAfterMs !== Infinity) checkDelay('giveUpAfterMs', options.giveUpAfterMs);
  checkDelay('debounceMs', options.debounceMs);
  checkDelay('maxWaitMs', options.maxWaitMs);
}
