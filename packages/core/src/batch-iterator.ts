import {
  BatchContents,
  toBatch,
  type Batch,
  type Contents,
  type QueueBound,
} from './batch-contents.ts';
import type { ChangeBatch } from './change.ts';
import type { WatchError } from './errors.ts';

interface Reader {
  resolve(result: IteratorResult<ChangeBatch, undefined>): void;
  reject(error: WatchError): void;
}

const done: IteratorResult<ChangeBatch, undefined> = { done: true, value: undefined };

/**
 * Batches for one consumer that reads at its own pace. What comes while nobody reads merges into
 * the batch that waits, so memory is bounded by the number of distinct paths and nothing is dropped.
 */
export class BatchIterator implements AsyncIterableIterator<ChangeBatch, undefined> {
  readonly #backlog: BatchContents;
  readonly #pair: boolean;
  readonly #readers: Reader[] = [];
  readonly #left: () => void;
  #sequence = 0;
  #behindSince = 0;
  #end: WatchError | true | null = null;

  constructor(bound: QueueBound, pair: boolean, left: () => void) {
    this.#backlog = new BatchContents(bound);
    this.#pair = pair;
    this.#left = left;
  }

  /** Delivers changes to who waits, or keeps them; `emission` counts the deliveries of the watch. */
  push(contents: Contents, emission: number): void {
    if (this.#end !== null) return;
    if (this.#backlog.empty) this.#behindSince = emission;
    // Who waits for it gets it whole, however much it is.
    const direct = this.#readers.length > 0 && this.#backlog.empty && contents.collapsed !== true;
    if (!direct) this.#backlog.append(contents);
    if (this.#readers.length === 0) return;
    const batch = direct ? toBatch(contents, this.#pair) : this.#take();
    if (batch !== null) this.#readers.shift()?.resolve(this.#numbered(batch));
  }

  /** Ends the iteration; with an error, what waits can still be read, and then one read rejects. */
  end(error?: WatchError): void {
    if (this.#end !== null) return;
    this.#end = error ?? true;
    if (error === undefined) this.#backlog.take();
    for (const reader of this.#readers.splice(0)) {
      if (this.#end === true) reader.resolve(done);
      else {
        reader.reject(this.#end);
        this.#end = true;
      }
    }
  }

  /** The first delivery that was not read. */
  get behindSince(): number {
    return this.#behindSince;
  }

  /** What waits to be read. */
  get backlog(): Pick<BatchContents, 'changes' | 'collapsed' | 'empty'> {
    return this.#backlog;
  }

  /** Everything that waits, for somebody else to deliver; `null` when there is nothing. */
  drain(): Contents | null {
    return this.#backlog.empty ? null : this.#backlog.take();
  }

  next(): Promise<IteratorResult<ChangeBatch, undefined>> {
    const batch = this.#take();
    if (batch !== null) return Promise.resolve(this.#numbered(batch));
    if (this.#end === true) return Promise.resolve(done);
    if (this.#end !== null) {
      const error = this.#end;
      this.#end = true;
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject });
    });
  }

  return(): Promise<IteratorResult<ChangeBatch, undefined>> {
    this.end();
    this.#end = true;
    this.#backlog.take();
    this.#left();
    return Promise.resolve(done);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): Batch | null {
    return this.#backlog.empty ? null : toBatch(this.#backlog.take(), this.#pair);
  }

  #numbered(batch: Batch): IteratorYieldResult<ChangeBatch> {
    return { done: false, value: { sequence: ++this.#sequence, ...batch } };
  }
}
