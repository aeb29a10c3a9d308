import type { Clock, PathWatcher } from '@watchkeeper/core';
import { tail, type Tail, type TailBatch, type TailError } from '@watchkeeper/tailer';

import type { ParsedLine } from './ingest-slice.ts';
import type { SourceWriter, WriteOutcome } from './source-writer.ts';
import type { SyncProblem } from './sync-options.ts';
import type { FoundTranscript } from './transcript-finder.ts';

/** Time without progress after which a reading that should catch up is ended and looked at again, in milliseconds: far longer than one slice takes. */
const STALL_MS = 1000;

/** How a reading is done. */
export interface ReadingOptions {
  readonly watcher: PathWatcher;
  readonly clock: Clock;
  readonly debounceMs: number;
  readonly maxWaitMs: number;
  /** Stop once the store holds everything before this byte; `null` follows on. */
  readonly until: number | null;
  readonly report: (problem: SyncProblem) => void;
  /** Lines were written. */
  readonly onProgress: () => void;
}

const PROBLEM_CODES: Readonly<Record<TailError['code'], SyncProblem['code']>> = {
  READ_ERROR: 'READ_FAILED',
  PARSE_ERROR: 'LINE_SKIPPED',
  LINE_TOO_LONG: 'LINE_SKIPPED',
  WATCH_ERROR: 'WATCH_FAILED',
  CALLBACK_ERROR: 'WRITE_FAILED',
};

/** One tail of one transcript, from the stored cursor on, into a writer. */
export class SourceReading {
  readonly #source: FoundTranscript;
  readonly #writer: SourceWriter;
  readonly #options: ReadingOptions;
  readonly #tail: Tail<ParsedLine>;
  #outcome: WriteOutcome = 'written';
  #ended: Promise<WriteOutcome> | null = null;
  #writing = false;
  #moved = false;

  constructor(source: FoundTranscript, writer: SourceWriter, options: ReadingOptions) {
    this.#source = source;
    this.#writer = writer;
    this.#options = options;
    this.#tail = tail<ParsedLine>(source.path, {
      from: writer.cursor ?? 'start',
      parse: (text, position) => ({
        text,
        position,
        messages: source.provider.parse(text, {
          lineIndex: position.lineIndex,
          byteRange: { start: position.start, end: position.end },
        }),
      }),
      debounceMs: options.debounceMs,
      maxWaitMs: options.maxWaitMs,
      watcher: options.watcher,
      onBatch: (batch) => this.#take(batch),
      onError: (error) => this.#report(error),
    });
    // A rejection is told by `onError` as well.
    this.#tail.ready.catch(() => undefined);
    if (options.until !== null) this.#endWhenThere(options.until);
  }

  /** Resolves when every later append will be read, or the reading is over. */
  get ready(): Promise<void> {
    return this.#tail.ready;
  }

  /** Reads what is there, writes it, and ends. */
  stop(): void {
    this.#tail.stop();
  }

  /**
   * Resolves when it has ended, with what became of the last write. Lines that the tail passed over
   * after the last batch (blank or unreadable ones) and a file that was emptied move the stored cursor too.
   */
  ended(): Promise<WriteOutcome> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<WriteOutcome> {
    await this.#tail.closed;
    if (this.#outcome !== 'written') return this.#outcome;
    const end = this.#tail.cursor();
    const stored = this.#writer.cursor;
    const restarted = stored !== null && end.generation !== stored.generation;
    if (stored === null || (!restarted && end.offset <= stored.offset)) return this.#outcome;
    return this.#writer.record(end, { size: end.offset, mtimeNs: '0' }, restarted);
  }

  async #take(batch: TailBatch<ParsedLine>): Promise<void> {
    // After a write that did not go through, the stored cursor is what counts: it has not moved.
    if (this.#outcome !== 'written') return;
    this.#writing = true;
    this.#outcome = await this.#write(batch);
    this.#writing = false;
    this.#moved = true;
    const { until } = this.#options;
    if (this.#outcome === 'written') this.#options.onProgress();
    if (this.#outcome !== 'written' || (until !== null && batch.cursor.offset >= until)) {
      this.#tail.stop();
    }
  }

  async #write(batch: TailBatch<ParsedLine>): Promise<WriteOutcome> {
    try {
      return await this.#writer.write(batch.items, batch.cursor, batch.restarted !== null);
    } catch (error) {
      // A batch that could not be made ready must not count as read: the next reading begins with it.
      this.#options.report({
        code: 'WRITE_FAILED',
        path: this.#source.path,
        sessionId: this.#writer.sessionId,
        message: error instanceof Error ? error.message : String(error),
        cause: error,
      });
      return 'closed';
    }
  }

  #endWhenThere(until: number): void {
    if ((this.#writer.cursor?.offset ?? 0) >= until) {
      this.#tail.stop();
      return;
    }
    const { clock } = this.#options;
    const look = (): void => {
      if (!this.#moved && !this.#writing) this.#tail.stop();
      this.#moved = false;
      if (!this.#tail.stopped) timer = clock.setTimeout(look, STALL_MS);
    };
    let timer = clock.setTimeout(look, STALL_MS);
    void this.#tail.closed.then(() => timer.cancel());
  }

  #report(error: TailError): void {
    this.#options.report({
      code: PROBLEM_CODES[error.code],
      path: this.#source.path,
      sessionId: this.#writer.sessionId,
      message: error.message,
      cause: error,
    });
  }
}
