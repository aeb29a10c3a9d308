import type { Clock, PathWatcher } from '@watchkeeper/core';
import type { TailCursor } from '@watchkeeper/tailer';
import type { ParsedMessage, TranscriptProvider } from '@watchkeeper/transcript';

import type { WatchError } from './watch-error.ts';

/** Options of {@link watchSession}. None of them can change after the start. */
export interface WatchOptions {
  /** Names the session; one watch per id. */
  readonly sessionId: string;
  /** The transcript: an existing file. */
  readonly filePath: string;
  /** Receives batches in order. One that returns a promise holds the next batch back until it settles. One that throws or rejects is told to `onError` as `PARSE_ERROR`. */
  readonly onMessages: (batch: WatchBatch) => void | Promise<void>;
  /** Receives problems as data; watching goes on unless the code is `WATCH_ERROR`. */
  readonly onError?: (error: WatchError) => void;
  /** Trailing quiet time before a batch is delivered, in milliseconds, 0 or more. @defaultValue `100` */
  readonly debounceMs?: number;
  /** Longest time a message waits, in milliseconds, 0 or more. With this or `debounceMs` 0 there is one batch per read. @defaultValue `500` */
  readonly maxWaitMs?: number;
  /** Where to start. `end` begins at the start of an unfinished last line. @defaultValue `'end'` */
  readonly from?: 'end' | 'start' | TailCursor;
  /** Who tells of changes. @defaultValue one shared watcher per process that chooses its backend by place */
  readonly watcher?: PathWatcher;
  /** Who parses the lines. @defaultValue `claudeCode` */
  readonly provider?: Pick<TranscriptProvider, 'parse'>;
  /** Time, for tests. @internal */
  readonly clock?: Clock;
}

/** One watched session, as {@link watchSession} gives it. Its values are live. */
export interface WatchHandle {
  /** The session, as it was given. */
  readonly sessionId: string;
  /** The transcript, as it was given. */
  readonly filePath: string;
  /** Committed offset: everything before it was delivered or skipped. */
  readonly byteOffset: number;
  /** Index of the line that begins at {@link WatchHandle.byteOffset}; counts lines that are not blank from where the watch began. */
  readonly lineIndex: number;
  /** Whether it was stopped, or watching ended with a `WATCH_ERROR`. */
  readonly stopped: boolean;
  /** Resolves once every later append will be delivered, or the watch is stopped. Rejects when the path can never be watched. */
  readonly ready: Promise<void>;
}

/** Messages delivered together. */
export interface WatchBatch {
  /** The session they belong to. */
  readonly sessionId: string;
  /** In file order; never empty. */
  readonly messages: readonly ParsedMessage[];
  /** Bytes this batch accounts for, blank and skipped lines included; contiguous with the batch before within a generation. */
  readonly byteRange: {
    /** First byte: the end of the batch before. */
    readonly start: number;
    /** Byte after the last newline accounted for. */
    readonly end: number;
  };
  /** Resume here: nothing lost, nothing doubled. A `generation` other than before says that the file was truncated, replaced or rewritten. */
  readonly cursor: TailCursor;
}
