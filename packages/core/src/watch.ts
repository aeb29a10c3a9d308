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
   * How long size and modification time of a file must rest before it is told as created, modified or
   * replaced, in milliseconds; 0 tells at once. It is looked at once more before it is told. What is
   * told of it meanwhile waits with it, a removal is told at once, and so is a file that was only
   * renamed where renames are paired. `flush()` lets everything out; `maxSettleMs` does not: a file that
   * never rests is never told. `settleMs` counts from then on. What is found at the start, by `initial`
   * or `since`, is not held.
   *
   * @defaultValue `0`
   */
  readonly stableWriteMs?: number;
  /**
   * `pair` tells an entry that left one name and took another within one batch as one `rename` with
   * `from`; a directory takes everything below it along. It is the same entry when device, inode, birth
   * time and type are; a file with several hard links, or on a file system without birth times, is never
   * paired, nor are names that swap, or that take a name another entry had. Half a rename waits up to
   * 50 ms for the other half, with everything that comes meanwhile, so creations and removals are told
   * that much later. In this order a batch can be applied
   * to a flat map from paths to entries, where a rename moves every key below `from`. It cannot always be
   * replayed on a file system: the directory that a rename leads into may be created later in the same
   * batch, and one that is removed may come before the rename out of it. `split` tells a `remove` and a `create`. @defaultValue `'split'`
   */
  readonly renames?: 'split' | 'pair';
  /**
   * Most distinct paths that wait for one consumer, an integer of at least 1. Further changes of a path
   * that waits merge. Past it everything that waits for this consumer becomes one batch without changes
   * whose `repaired` says `overflow`, and a problem `ERR_WATCH_QUEUE_FULL`. Files that
   * `stableWriteMs` holds count by themselves; what is found at the start does not count
   * for a listener or an iterator that is being read. Each path costs
   * about 350 bytes while it waits. @defaultValue `250000`
   */
  readonly maxQueuedPaths?: number;
  /**
   * A cursor of an earlier watch of the same path with the same `recursive` and `symlinks`: what changed
   * since is told in one batch with origin `resume`, before `ready`. Wins over `initial`. With another
   * `ignore` than then, what it lets in or keeps out is told as created or removed. A cursor that is of
   * another watch, or damaged, closes the watch with `ERR_WATCH_CURSOR_INVALID`, and nothing is told.
   */
  readonly since?: Uint8Array;
  /**
   * How often what is watched is compared with the disk, in milliseconds, to find what a backend lost
   * without a word. `'auto'`: as often as about a thousandth of one CPU allows for the whole watcher,
   * every 3.5 s for some hundred entries, every few minutes for very many. A number (at least 500):
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

/**
 * One watched path. Iterate it for batches, or listen with {@link Watch.on}.
 *
 * Batches wait for the first listener or iterator. Every iterator gets all changes from its start on, at
 * its own pace; `return()`, as by `break`, ends only that iterator. When the watch is closed, also by its
 * `signal`, iteration ends at once and without an error, and what was not read is dropped. When it fails,
 * what was found before can still be read, and then the iteration rejects.
 */
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
  /**
   * What of the watched path is served by events or polling now: how many directories, and which paths
   * are not covered or could not be read. Counts what is known at each call.
   */
  readonly covered: {
    readonly directories: number;
    readonly uncovered: readonly string[];
  };
  /** Adds a listener; the returned function removes it. Each time a listener throws, or what it returned rejects, is one problem `ERR_WATCH_LISTENER`, told to the other listeners; delivery goes on. A listener added while an event is told is not told of that one. */
  on<E extends keyof WatchEvents>(event: E, listener: WatchEvents[E]): () => void;
  /** A barrier: after it resolves, every change finished before the call has been delivered, `settleMs` and `stableWriteMs` notwithstanding. */
  flush(signal?: AbortSignal): Promise<void>;
  /**
   * Looks at everything that is watched, or at a path inside it and all below, and resolves when every
   * difference has been told, with origin `rescan`. Costs one look per entry.
   *
   * @param path - Absolute, or relative to the working directory.
   * @throws TypeError when the path is not inside the watched one.
   */
  rescan(path?: string): Promise<void>;
  /**
   * Takes a cursor: what this watch has told so far. Given as `since` to a later watch of the same path,
   * also in another process, everything that happened in between is told. What was not delivered yet, or
   * not taken from the iterator that is furthest behind, counts as not told, so nothing is lost between
   * the cursor and the later watch. It is of the moment of the call: what is told while it is written
   * comes again. Store it whole, by a write and a rename.
   *
   * Waits until the watch was ready once. Does not hold the event loop: 100,000 entries take about
   * 250 ms, in slices of 4 ms, and 5 bytes each when made together, 50 when names and times are random.
   *
   * @throws WatchError `ERR_WATCH_CLOSED` when the watch was closed.
   *
   * @example
   * ```ts
   * const watch = watcher.watch('/srv/data', { recursive: true });
   * await watch.ready;
   * const cursor = await watch.cursor();
   * await watch.close();
   * // later: tells what changed meanwhile, then goes on
   * watcher.watch('/srv/data', { recursive: true, since: cursor });
   * ```
   */
  cursor(): Promise<Uint8Array>;
  /** Lets the watch keep the process alive. */
  ref(): this;
  /** Stops the watch from keeping the process alive. */
  unref(): this;
  /** Ends the watch; nothing is delivered after the call. Idempotent: the same promise each time. */
  close(): Promise<void>;
  /** Same as {@link Watch.close}. */
  [Symbol.asyncDispose](): Promise<void>;
}
