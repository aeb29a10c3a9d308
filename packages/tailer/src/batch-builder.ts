import type { Batcher } from './batcher.ts';
import { toCursor, type Checkpoint } from './cursor-codec.ts';
import type { TailCursor } from './cursor.ts';
import { TailError, type TailErrorInit } from './errors.ts';
import type { FollowerSink } from './follower.ts';
import type { Parcel } from './outlet.ts';
import type { LineParser, RestartReason } from './tail.ts';

/** What a {@link BatchBuilder} needs to know. */
export interface BatchBuilderConfig<T> {
  readonly path: string;
  /** `null`: the line itself is the item. */
  readonly parse: LineParser<T> | null;
  /** Receives lines that could not become items. */
  readonly report: (error: TailError) => void;
  /** Asks that what was built is sealed, since it is the last of its generation. */
  readonly seal: () => void;
}

/** Turns lines into items, and items into batches whose ranges join up. */
export class BatchBuilder<T> implements FollowerSink {
  readonly #config: BatchBuilderConfig<T>;
  readonly #batcher: Batcher<T>;
  #generation = 0;
  /** Where the next batch begins: the end of the one before, also when only blank lines followed. */
  #rangeStart = 0;
  #restarted: RestartReason | null = null;

  constructor(batcher: Batcher<T>, config: BatchBuilderConfig<T>) {
    this.#batcher = batcher;
    this.#config = config;
  }

  /** Makes a batch of what is pending, up to `checkpoint`; `null` when that is nothing. */
  seal(checkpoint: Checkpoint): Parcel<T> | null {
    const items = this.#batcher.take();
    if (items.length === 0) return null;
    const byteRange = { start: this.#rangeStart, end: checkpoint.offset };
    const restarted = this.#restarted;
    this.#rangeStart = checkpoint.offset;
    this.#restarted = null;
    const { path } = this.#config;
    const { generation } = checkpoint;
    let cursor: TailCursor | null = null;
    const batch = {
      path,
      items,
      byteRange,
      generation,
      // The hash of the marker is made for those who ask for it: it takes as long as the read of a short line.
      get cursor() {
        return (cursor ??= toCursor(checkpoint));
      },
      restarted,
    };
    return { batch, checkpoint };
  }

  starting(checkpoint: Checkpoint): void {
    this.#generation = checkpoint.generation;
    this.#rangeStart = checkpoint.offset;
  }

  line(text: string, lineIndex: number, start: number, end: number): void {
    const { parse } = this.#config;
    let item: T | null;
    try {
      // Without a parser the items are lines; T is then string unless the caller says otherwise.
      item = parse === null ? (text as T) : parse(text, { lineIndex, start, end });
    } catch (error) {
      // Whatever a parser throws is handed on as data.
      this.#report(`Line ${lineIndex} could not be parsed`, 'PARSE_ERROR', start, end, error);
      return;
    }
    if (item !== null) this.#batcher.add(item, end - start);
  }

  oversize(start: number, end: number): void {
    const message = `A line of ${end - start} bytes is longer than maxLineBytes and was skipped`;
    this.#report(message, 'LINE_TOO_LONG', start, end);
  }

  unfinished(start: number, end: number): void {
    const message = `The line at byte ${start} was never finished: the file was cut or replaced`;
    this.#report(message, 'PARSE_ERROR', start, end);
  }

  restarting(reason: RestartReason): void {
    this.#config.seal();
    this.#generation += 1;
    this.#rangeStart = 0;
    this.#restarted = reason;
  }

  #report(
    message: string,
    code: TailErrorInit['code'],
    start: number,
    end: number,
    cause?: unknown,
  ): void {
    const { path, report } = this.#config;
    const range = { start, end };
    report(new TailError(message, { code, path, range, generation: this.#generation, cause }));
  }
}
