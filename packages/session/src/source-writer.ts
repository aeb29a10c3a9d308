import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

import type { Clock } from '@watchkeeper/core';
import type { TailCursor } from '@watchkeeper/tailer';
import { messageKey } from '@watchkeeper/transcript';

import { sliceBatch, type IngestSlice, type ParsedLine } from './ingest-slice.ts';
import { statSourceFile } from './source-stat.ts';
import type { SessionStore, SourceStamp, StoredSource } from './store.ts';
import { isStoreError } from './store-error.ts';
import { WRITE_RETRY_MAX_MS, WRITE_RETRY_MIN_MS, type SyncProblem } from './sync-options.ts';
import type { FoundTranscript } from './transcript-finder.ts';

/**
 * What became of a write: `superseded` means that the stored cursor is elsewhere, `refused` that nothing of
 * this source will be stored, `failed` that the store does not take it, as the writer's `failure` tells.
 */
export type WriteOutcome = 'written' | 'superseded' | 'refused' | 'failed' | 'closed';

/** What a {@link SourceWriter} needs of its surroundings. */
export interface WriterHost {
  readonly store: SessionStore;
  readonly clock: Clock;
  /** Set when the sync closes: a failing write is then given up, since its cursor has not moved. */
  readonly closing: AbortSignal;
  /** How long a write that may still work is tried again, in milliseconds. */
  readonly giveUpAfterMs: number;
  /** A write was given up. */
  readonly gaveUp: (error: unknown) => void;
  readonly report: (problem: SyncProblem) => void;
  readonly counted: (what: 'messages' | 'batches' | 'conflicts' | 'retries', by: number) => void;
}

/** An id for a transcript whose name another live transcript has: the same at each start. */
export function ownId(stem: string, path: string): string {
  return `${stem}~${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
}

/** Writes the lines of one transcript to the store, each with the cursor that covers it. */
export class SourceWriter {
  readonly #host: WriterHost;
  readonly #source: FoundTranscript;
  #sessionId: string;
  #parentId: string | null;
  #cursor: TailCursor | null = null;
  #stat: SourceStamp | null = null;
  #failing = false;
  #failure: unknown = null;

  constructor(host: WriterHost, source: FoundTranscript) {
    this.#host = host;
    this.#source = source;
    this.#sessionId = source.file.sessionId;
    this.#parentId = source.file.type === 'subagent' ? source.file.parentSessionId : null;
  }

  /** The session that the transcript's messages go to. */
  get sessionId(): string {
    return this.#sessionId;
  }

  /** The stored cursor. */
  get cursor(): TailCursor | null {
    return this.#cursor;
  }

  /** The file's stat as it is stored. */
  get stat(): SourceStamp | null {
    return this.#stat;
  }

  /** Why the last write with the outcome `failed` was given up. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Learns what is stored of the transcript. */
  async load(): Promise<StoredSource | null> {
    const stored = await this.#host.store.source(this.#source.path);
    this.#cursor = stored?.cursor ?? null;
    this.#stat = stored?.stat ?? null;
    this.#sessionId = stored?.sessionId ?? this.#source.file.sessionId;
    return stored;
  }

  /** Writes lines in slices. */
  async write(
    lines: readonly ParsedLine[],
    end: TailCursor,
    restarted: boolean,
  ): Promise<WriteOutcome> {
    this.#adopt(lines);
    const slices = sliceBatch(lines, end);
    for (const [index, slice] of slices.entries()) {
      // One slice, one turn of the event loop.
      if (index > 0) await setImmediate();
      const last = index === slices.length - 1;
      const stamp = last ? await this.#stamp(slice.cursor.offset) : unsettled(slice.cursor.offset);
      const outcome = await this.#commit(slice, stamp, restarted && index === 0);
      if (outcome !== 'written') return outcome;
    }
    return 'written';
  }

  /** Stores a cursor and what the file looked like, without messages. */
  async record(cursor: TailCursor, stamp: SourceStamp, restarted: boolean): Promise<WriteOutcome> {
    return this.#commit({ lines: [], cursor }, stamp, restarted);
  }

  /** An older subagent's path does not tell its parent; its records do. */
  #adopt(lines: readonly ParsedLine[]): void {
    if (this.#parentId !== null || this.#source.file.type !== 'subagent') return;
    for (const { messages } of lines) {
      const parent = messages.find((message) => message.sessionId !== null)?.sessionId;
      if (parent === undefined || parent === null) continue;
      this.#parentId = parent;
      return;
    }
  }

  /** The file's stat if all of it is covered; else one that no file has, so that the monitor still sees it ahead. */
  async #stamp(offset: number): Promise<SourceStamp> {
    const found = await statSourceFile(this.#source.path);
    return found !== null && found.size === offset
      ? { size: found.size, mtimeNs: found.mtimeNs }
      : unsettled(offset);
  }

  /** Tries until the store has taken it, or will not: what cannot work later is not tried again. */
  async #commit(slice: IngestSlice, stat: SourceStamp, restarted: boolean): Promise<WriteOutcome> {
    const host = this.#host;
    const begun = host.clock.now();
    let pause = WRITE_RETRY_MIN_MS;
    for (;;) {
      try {
        const outcome = await this.#apply(slice, stat, restarted);
        this.#failing = false;
        if (outcome !== 'again') return outcome;
      } catch (error) {
        if (!this.#failing) this.#reportWrite(error);
        this.#failing = true;
        if (host.closing.aborted) return 'closed';
        const mayWork = isStoreError(error) && error.retryable;
        const left = begun + host.giveUpAfterMs - host.clock.now();
        if (!mayWork || left <= 0) {
          this.#failure = error;
          host.gaveUp(error);
          return 'failed';
        }
        host.counted('retries', 1);
        await this.#pause(Math.min(pause, left));
        pause = Math.min(pause * 2, WRITE_RETRY_MAX_MS);
      }
    }
  }

  /** One attempt; `again` when what stood in its way is out of it. */
  async #apply(
    slice: IngestSlice,
    stat: SourceStamp,
    restarted: boolean,
  ): Promise<WriteOutcome | 'again'> {
    const { generation } = slice.cursor;
    const items = slice.lines.flatMap(({ messages }) =>
      messages.map((message) => ({ key: messageKey(message, generation), message })),
    );
    const result = await this.#host.store.apply({
      sessionId: this.#sessionId,
      provider: this.#source.provider.id,
      parentId: this.#parentId,
      sourceKey: this.#source.path,
      expected: this.#cursor,
      cursor: slice.cursor,
      stat,
      items,
      restarted,
    });
    switch (result.status) {
      case 'applied':
        this.#host.counted('batches', 1);
        this.#host.counted('messages', items.length);
        this.#cursor = slice.cursor;
        this.#stat = stat;
        return 'written';
      case 'conflict':
        this.#host.counted('conflicts', 1);
        this.#cursor = result.cursor;
        return 'superseded';
      case 'deleted':
        return 'refused';
      case 'occupied':
        break;
    }
    return (await this.#makeRoom(result.sourceKey)) ? 'again' : 'superseded';
  }

  /**
   * The session reads from another file. If that one is gone, this one takes over; else this one
   * gets an id of its own: two conversations must never mix. Returns whether the same write may be tried again.
   */
  async #makeRoom(other: string): Promise<boolean> {
    if ((await statSourceFile(other)) === null) {
      await this.#host.store.detach(other);
      return true;
    }
    const id = ownId(this.#source.file.sessionId, this.#source.path);
    this.#host.report({
      code: 'ID_TAKEN',
      path: this.#source.path,
      sessionId: id,
      message: `the session ${this.#sessionId} reads from ${other}; this transcript becomes ${id}`,
    });
    this.#sessionId = id;
    const known = this.#cursor === null;
    this.#cursor = null;
    // What was stored under the other id is read again from the start.
    return known;
  }

  #reportWrite(error: unknown): void {
    this.#host.report({
      code: 'WRITE_FAILED',
      path: this.#source.path,
      sessionId: this.#sessionId,
      message: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  }

  async #pause(ms: number): Promise<void> {
    const { closing, clock } = this.#host;
    const waited = Promise.withResolvers<void>();
    const timer = clock.setTimeout(() => waited.resolve(), ms);
    const wake = (): void => waited.resolve();
    closing.addEventListener('abort', wake, { once: true });
    await waited.promise;
    closing.removeEventListener('abort', wake);
    timer.cancel();
  }
}

function unsettled(offset: number): SourceStamp {
  return { size: offset, mtimeNs: '0' };
}
