import type { Capabilities } from './backend.ts';
import type { ChangeBatch } from './change.ts';
import type { EntryType } from './entry.ts';
import type { WatchError } from './errors.ts';

/** Where a watch stands. */
export type WatchState = 'opening' | 'live' | 'degraded' | 'recovering' | 'closed';

/** Options of one watch. */
export interface WatchOptions {
  /** Watch everything below a directory, not only its direct entries. @defaultValue `false` */
  readonly recursive?: boolean;
  /**
   * Leaves entries out; called with a path relative to the watched directory that uses `/`. A refused
   * directory is refused with everything below it, before any handle or stat is spent on it. Watches
   * share a subscription only when they pass the same function.
   */
  readonly ignore?: (relative: string, type: EntryType | undefined) => boolean;
  /** `emit` delivers every entry found at the start as `create` with origin `initial`, before `ready`. @defaultValue `'none'` */
  readonly initial?: 'none' | 'emit';
  /**
   * `follow` judges a watched symlink by its target; `self` by the link. Links inside a watched
   * directory are always judged by themselves. @defaultValue `'follow'`
   */
  readonly symlinks?: 'self' | 'follow';
  /** Quiet time before a batch is delivered, in milliseconds; 0 delivers at the end of the turn. @defaultValue `0` */
  readonly settleMs?: number;
  /** Longest time a change waits for quiet, in milliseconds. @defaultValue `500` */
  readonly maxSettleMs?: number;
  /**
   * How often what is watched is compared with the disk, in milliseconds, to find what a backend lost
   * without a word. `'auto'`: as often as about a thousandth of one CPU allows for the whole watcher,
   * every 3.5 s for some hundred entries, every five minutes for very many. A number (at least 500):
   * at least this often, whatever it costs. 0: never; what a stall or a burst makes suspect is looked
   * at all the same. Of watches that share a place the shortest wins. Backends that poll compare all
   * the time and are left out; so are those that report every loss, unless a number is given. An
   * audit never keeps the process alive.
   *
   * @defaultValue `'auto'`
   */
  readonly auditIntervalMs?: number | 'auto';
  /**
   * Whether what is watched is looked at first, and at once, when events may have been lost: for a file
   * that is tailed, or a configuration. Costs one look per entry and suspicion. @defaultValue `false`
   */
  readonly hot?: boolean;
  /** Whether the watch keeps the process alive. @defaultValue `true` */
  readonly persistent?: boolean;
  /** Closes the watch. */
  readonly signal?: AbortSignal;
}

/** Names the listeners of a {@link Watch}. */
export interface WatchEvents {
  /** Changes, in order. */
  readonly batch: (batch: ChangeBatch) => void;
  /** The watch moved to another state. */
  readonly state: (state: WatchState, error?: WatchError) => void;
  /** Something is wrong; `error.effect` says how far. Never thrown, whether or not anyone listens. */
  readonly problem: (error: WatchError) => void;
}

/** One watched path. Iterate it for batches, or listen with {@link Watch.on}. */
export interface Watch extends AsyncIterable<ChangeBatch> {
  /** The path as it was given. */
  readonly path: string;
  /** Resolves when every later change will be reported, also for a path that does not exist yet. Rejects only when no backend can ever watch it. */
  readonly ready: Promise<void>;
  /** Where the watch stands now. */
  readonly state: WatchState;
  /** The backend that serves this watch, or `null` before it is chosen. */
  readonly backend: {
    readonly name: string;
    readonly capabilities: Capabilities;
    readonly fellBackFrom: readonly { readonly name: string; readonly error: WatchError }[];
  } | null;
  /** Adds a listener; the returned function removes it. A listener that throws is reported once as a problem and does not stop delivery. */
  on<E extends keyof WatchEvents>(event: E, listener: WatchEvents[E]): () => void;
  /** A barrier: after it resolves, every change finished before the call has been delivered, settle times notwithstanding. */
  flush(signal?: AbortSignal): Promise<void>;
  /** Lets the watch keep the process alive. */
  ref(): this;
  /** Stops the watch from keeping the process alive. */
  unref(): this;
  /** Ends the watch; nothing is delivered after the call. Idempotent: the same promise each time. */
  close(): Promise<void>;
  /** Same as {@link Watch.close}. */
  [Symbol.asyncDispose](): Promise<void>;
}
