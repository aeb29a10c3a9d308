import type { Clock, PathWatcher } from '@watchkeeper/core';

import type { TailCursor } from './cursor.ts';
import type { TailError } from './errors.ts';

/** Where a line stands in its file. */
export interface LinePosition {
  /**
   * 0-based count of the non-blank lines of this generation, from where the tail began: the first line
   * after `from: 'end'` is 0, a cursor carries its count on.
   */
  readonly lineIndex: number;
  /** First byte of the line; a byte order mark or NUL bytes before its text belong to it. */
  readonly start: number;
  /** Byte after the last one, the newline included. */
  readonly end: number;
}

/**
 * Turns a line (without its newline and carriage return) into an item. `null` skips the line; a throw
 * becomes `PARSE_ERROR`, skips the line and goes on.
 */
export type LineParser<T> = (line: string, position: LinePosition) => T | null;

/** Options of {@link tail}. None of them can change after the start. */
export interface TailOptions<T> {
  /**
   * Where to start. `end` begins at the start of an unfinished last line, and at byte 0 of a file that
   * does not exist yet. A cursor whose file was changed meanwhile begins a new generation at byte 0.
   * @defaultValue `'end'`
   */
  readonly from?: 'end' | 'start' | TailCursor;
  /** Turns lines into items. @defaultValue the line itself */
  readonly parse?: LineParser<T>;
  /** Trailing quiet time before a batch is delivered, in milliseconds, 0 or more. @defaultValue `100` */
  readonly debounceMs?: number;
  /**
   * Longest time an item waits, in milliseconds, 0 or more. With this or `debounceMs` 0 there is one
   * batch per read, delivered at once. A batch that grows large is delivered before its time.
   * @defaultValue `500`
   */
  readonly maxWaitMs?: number;
  /** Longest line in bytes without its newline, 1 to 512 MiB; a longer one is reported and skipped without being held. @defaultValue 32 MiB */
  readonly maxLineBytes?: number;
  /** Bytes per read, 1 to 16 MiB. @defaultValue 256 KiB */
  readonly readChunkBytes?: number;
  /**
   * Time between two own looks at the file, independent of any backend, in milliseconds, 1 or more. Where the
   * backend tells of appends promptly, a quiet file is looked at less and less often, at least every 30 s.
   * @defaultValue `1000`
   */
  readonly heartbeatMs?: number;
  /** Who tells of changes. @defaultValue one shared watcher per process that chooses its backend by place */
  readonly watcher?: PathWatcher;
  /** Receives batches in order, one at a time; a promise holds reading back until it settles. Without it the tail is iterated. */
  readonly onBatch?: (batch: TailBatch<T>) => void | Promise<void>;
  /** Receives problems as data; tailing goes on unless the error is `terminal`. */
  readonly onError?: (error: TailError) => void;
  /** Stops the tail, as {@link Tail.stop} does. */
  readonly signal?: AbortSignal;
  /** Time, for tests. @internal */
  readonly clock?: Clock;
}

/** Why a batch starts a new generation: the file became shorter, another file took the path, or bytes already read changed. */
export type RestartReason = 'truncated' | 'replaced' | 'rewritten';

/** Items delivered together. */
export interface TailBatch<T> {
  /** The path as it was given. */
  readonly path: string;
  /** In file order; never empty. */
  readonly items: readonly T[];
  /** Bytes this batch accounts for, skipped and blank lines included; contiguous with the batch before within a generation. */
  readonly byteRange: {
    /** First byte: the end of the batch before. */
    readonly start: number;
    /** Byte after the last newline accounted for. */
    readonly end: number;
  };
  /** Grows by one each time the file was truncated, replaced or rewritten. */
  readonly generation: number;
  /** Resume here: nothing lost, nothing doubled. */
  readonly cursor: TailCursor;
  /** Set on the first batch of a new generation. */
  readonly restarted: RestartReason | null;
}

/**
 * One followed file. Iterate it for batches, or pass `onBatch`. Several iterations share the batches:
 * each batch goes to one of them; leaving a loop stops the tail.
 */
export interface Tail<T> extends AsyncIterable<TailBatch<T>>, AsyncDisposable {
  /** The path as it was given. */
  readonly path: string;
  /** Committed offset: everything before it was delivered or skipped. */
  readonly byteOffset: number;
  /** Index of the line that begins at {@link Tail.byteOffset}. */
  readonly lineIndex: number;
  /** Whether {@link Tail.stop} was called, or a terminal error stopped the tail. */
  readonly stopped: boolean;
  /**
   * Resolves once every later append will be delivered, or the tail is stopped. Rejects with a `WATCH_ERROR` when
   * the path can never be watched.
   */
  readonly ready: Promise<void>;
  /** Where the tail stands: after the last delivered batch. While the promise of `onBatch` is pending, before that batch. */
  cursor(): TailCursor;
  /**
   * Reads what is there now (at most 16 MiB), delivers it, then is silent for ever. Synchronous and
   * idempotent. Called while a batch is being handled (inside `onBatch`, or before its promise has settled), what is
   * left is delivered when that batch is done, before {@link Tail.closed} resolves; called inside `parse`
   * or `onError`, it takes effect at the end of the current read. Batches of an iterated tail can still be taken.
   */
  stop(): void;
  /** Resolves when the tail is stopped, `onBatch` has received everything and every handle is closed. Never rejects. */
  readonly closed: Promise<void>;
}
