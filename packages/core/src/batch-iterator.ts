import { BatchContents } from './batch-contents.ts';
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
  readonly #backlog = new BatchContents();
  readonly #readers: Reader[] = [];
  readonly #left: () => void;
  #sequence = 0;
  #end: WatchError | true | null = null;

  constructor(left: () => void) {
    this.#left = left;
  }

  /** Delivers a batch to who waits, or keeps it. */
  push(batch: Omit<ChangeBatch, 'sequence'>): void {
    if (this.#end !== null) return;
    this.#backlog.append(batch);
    const reader = this.#readers[0];
    if (reader === undefined || this.#backlog.empty) return;
    this.#readers.shift();
    reader.resolve(this.#take());
  }

  /** Ends the iteration; with an error, the next read rejects with it, once. */
  end(error?: WatchError): void {
    if (this.#end !== null) return;
    this.#end = error ?? true;
    this.#backlog.take();
    for (const reader of this.#readers.splice(0)) {
      if (this.#end === true) reader.resolve(done);
      else {
        reader.reject(this.#end);
        this.#end = true;
      }
    }
  }

  /** Everything that waits, for somebody else to deliver; `null` when there is nothing. */
  drain(): Omit<ChangeBatch, 'sequence'> | null {
    return this.#backlog.empty ? null : this.#backlog.take();
  }

  next(): Promise<IteratorResult<ChangeBatch, undefined>> {
    if (this.#end !== null && this.#end !== true) {
      const error = this.#end;
      this.#end = true;
      return Promise.reject(error);
    }
    if (this.#end === true) return Promise.resolve(done);
    if (!this.#backlog.empty) return Promise.resolve(this.#take());
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject });
    });
  }

  return(): Promise<IteratorResult<ChangeBatch, undefined>> {
    this.end();
    this.#left();
    return Promise.resolve(done);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): IteratorYieldResult<ChangeBatch> {
    return { done: false, value: { sequence: ++this.#sequence, ...this.#backlog.take() } };
  }
}
