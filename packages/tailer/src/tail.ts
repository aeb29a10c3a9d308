import type { PathWatcher } from '@watchkeeper/core';

import type { TailCursor } from './cursor.ts';
import type { TailError } from './errors.ts';

/** Where a line stands in its file. */
export interface LinePosition {
  /** 0-based count of non-blank lines of this generation. */
  readonly lineIndex: number;
  /** First byte. */
  readonly start: number;
  /** Byte after the last one, the newline included. */
  readonly end: number;
}

/** Turns a line into an item. `null` skips the line; a throw becomes `PARSE_ERROR`, skips the line and goes on. */
export type LineParser<T> = (line: string, position: LinePosition) => T | null;

/** Options of {@link tail}. */
export interface TailOptions<T> {
  /** Where to start. `end` begins at the start of an unfinished last line. @defaultValue `'end'` */
  readonly from?: 'end' | 'start' | TailCursor;
  /** @defaultValue the line itself */
  readonly parse?: LineParser<T>;
  /** Trailing quiet time before a batch is delivered, in milliseconds, 0 or more. @defaultValue `100` */
  readonly debounceMs?: number;
  /** Longest time an item waits, in milliseconds, 0 or more. Both 0: one batch per read, delivered at once. @defaultValue `500` */
  readonly maxWaitMs?: number;
  /** Longest line in bytes; a longer one is reported and skipped without being held. @defaultValue 32 MiB */
  readonly maxLineBytes?: number;
  /** Bytes per read. @defaultValue 256 KiB */
  readonly readChunkBytes?: number;
  /** Time between two own looks at the open file, independent of any backend, in milliseconds. @defaultValue `1000` */
  readonly heartbeatMs?: number;
  /** Who tells of changes. @defaultValue one shared watcher per process that chooses its backend by place */
  readonly watcher?: PathWatcher;
  /** Receives batches in order, one at a time; a promise holds reading back. */
  readonly onBatch?: (batch: TailBatch<T>) => void | Promise<void>;
  /** Receives problems as data; tailing goes on unless the error says otherwise. */
  readonly onError?: (error: TailError) => void;
  /** Stops the tail. */
  readonly signal?: AbortSignal;
}

/** Why a batch starts a new generation. */
export type RestartReason = 'truncated' | 'replaced' | 'rewritten';

/** Items delivered together. */
export interface TailBatch<T> {
  readonly path: string;
  /** Never empty. */
  readonly items: readonly T[];
  /** Bytes this batch accounts for, skipped and blank lines included; contiguous with the batch before within a generation. */
  readonly byteRange: { readonly start: number; readonly end: number };
  readonly generation: number;
  /** Resume here: nothing lost, nothing doubled. */
  readonly cursor: TailCursor;
  /** Set on the first batch of a new generation. */
  readonly restarted: RestartReason | null;
}

/** One followed file. Iterate it for batches, or pass `onBatch`. */
export interface Tail<T> extends AsyncIterable<TailBatch<T>>, AsyncDisposable {
  readonly path: string;
  /** Committed offset. */
  readonly byteOffset: number;
  /** Index of the next line. */
  readonly lineIndex: number;
  readonly stopped: boolean;
  /** Resolves once every later append will be delivered. */
  readonly ready: Promise<void>;
  /** Where the tail stands: after the last delivered batch. */
  cursor(): TailCursor;
  /** Reads what is there now (bounded), delivers it, then is silent for ever. Synchronous and idempotent. */
  stop(): void;
  /** Resolves when stopped and every handle is closed. */
  readonly closed: Promise<void>;
}
