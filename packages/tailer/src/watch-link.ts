import {
  isWatchError,
  type ChangeBatch,
  type Clock,
  type EntryStat,
  type PathWatcher,
  type Timer,
  type Watch,
} from '@watchkeeper/core';

import type { TurnTaker } from './turn-queue.ts';

/** Pause before a watch that ended is opened again; meanwhile the heartbeat finds appends. */
export const REWATCH_MS = 5000;

/** What a {@link WatchLink} tells its owner. */
export interface WatchLinkEvents {
  /** Something changed; `found` is what stands at the path now, or `undefined` when that is not known. */
  changed(found: EntryStat | null | undefined): void;
  /** The watch has begun, or begun anew: every later change is told, earlier ones must be looked for. */
  live(): void;
  /** Something is wrong with watching; it goes on as well as it can. */
  problem(error: unknown): void;
  /** The path can never be watched. Nothing more is told. */
  lost(error: unknown): void;
}

/** The tie of one tail to the watcher. */
export class WatchLink implements TurnTaker {
  readonly #watcher: PathWatcher;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #events: WatchLinkEvents;
  #watch: Watch | null = null;
  #wasLive = false;
  #closed = false;
  #timer: Timer | null = null;

  constructor(watcher: PathWatcher, path: string, clock: Clock, events: WatchLinkEvents) {
    this.#watcher = watcher;
    this.#path = path;
    this.#clock = clock;
    this.#events = events;
  }

  /** Whether the watch tells of appends as they are made, not only when the writer closes the file. */
  get prompt(): boolean {
    const watch = this.#watch;
    return watch?.state === 'live' && watch.backend?.capabilities.openFileAppends === 'prompt';
  }

  /** Begins to watch, in a turn of its own: whoever starts thousands of tails at once is not held up by thousands of watches. */
  takeTurn(): boolean {
    if (!this.#closed) void this.#open();
    return false;
  }

  /** Ends the watch; nothing is told after the call. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    this.#timer = null;
    const watch = this.#watch;
    this.#watch = null;
    await watch?.close();
  }

  async #open(): Promise<void> {
    try {
      const watch = this.#watcher.watch(this.#path, { settleMs: 0, hot: true });
      this.#watch = watch;
      watch.on('batch', (batch) => this.#changed(batch));
      watch.on('problem', (error) => this.#unlessClosed(() => this.#events.problem(error)));
      watch.on('state', (state, error) => {
        if (state === 'closed') this.#ended(watch, error);
      });
      await watch.ready;
      this.#unlessClosed(() => {
        this.#wasLive = true;
        this.#events.live();
      });
    } catch (error) {
      // Whatever keeps the path from being watched is handed on as data.
      this.#watch = null;
      this.#unlessClosed(() => this.#failed(error));
    }
  }

  #changed(batch: ChangeBatch): void {
    this.#unlessClosed(() => this.#events.changed(batch.changes.at(-1)?.after));
  }

  #ended(watch: Watch, error: unknown): void {
    if (this.#watch !== watch || !this.#wasLive) return;
    this.#watch = null;
    this.#unlessClosed(() => this.#failed(error ?? new Error('the watch was closed')));
  }

  #failed(error: unknown): void {
    const watcherClosed = isWatchError(error) && error.code === 'ERR_WATCH_CLOSED';
    if (!this.#wasLive || watcherClosed) {
      this.#events.lost(error);
      return;
    }
    this.#events.problem(error);
    this.#timer ??= this.#clock.setTimeout(() => {
      this.#timer = null;
      this.takeTurn();
    }, REWATCH_MS);
  }

  #unlessClosed(tell: () => void): void {
    if (!this.#closed) tell();
  }
}
