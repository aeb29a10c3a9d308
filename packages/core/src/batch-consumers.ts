import type { BatchContents, Contents, QueueBound } from './batch-contents.ts';
import { toBatch } from './batch-contents.ts';
import { BatchIterator } from './batch-iterator.ts';
import type { WatchError } from './errors.ts';
import type { WatchEvents } from './watch.ts';
import { WatchListeners } from './watch-listeners.ts';

/**
 * Who gets the changes of one watch: its listeners at once, each iterator when it is read. While there
 * is nobody, the changes wait for whoever comes first.
 */
export class BatchConsumers {
  readonly #bound: QueueBound;
  readonly #pair: boolean;
  readonly #isOpen: () => boolean;
  readonly #listeners: WatchListeners;
  #iterators: Set<BatchIterator> | null = null;
  #unclaimed: BatchIterator | null = null;
  #sequence = 0;
  #emissions = 0;

  constructor(path: string, bound: QueueBound, pair: boolean, isOpen: () => boolean) {
    this.#bound = bound;
    this.#pair = pair;
    this.#isOpen = isOpen;
    this.#listeners = new WatchListeners(path);
  }

  /** Adds a listener; the returned function removes it. */
  on<E extends keyof WatchEvents>(event: E, listener: WatchEvents[E]): () => void {
    const remove = this.#listeners.add(event, listener);
    if (event === 'batch' && this.#unclaimed !== null) queueMicrotask(this.#claim);
    return remove;
  }

  /** Adds an iterator. */
  iterate(): BatchIterator {
    const iterator: BatchIterator = new BatchIterator(this.#bound, this.#pair, () => {
      this.#iterators?.delete(iterator);
    });
    const waiting = this.#unclaimed?.drain() ?? null;
    this.#unclaimed = null;
    if (waiting !== null) iterator.push(waiting, this.#emissions);
    (this.#iterators ??= new Set()).add(iterator);
    return iterator;
  }

  /** Calls the listeners of an event as long as `wanted` holds. */
  tell<E extends keyof WatchEvents>(
    event: E,
    wanted: () => boolean,
    ...args: Parameters<WatchEvents[E]>
  ): void {
    this.#listeners.emit(event, wanted, ...args);
  }

  /** Hands changes to everybody. */
  emit(contents: Contents): void {
    if (!this.#isOpen()) return;
    const emission = ++this.#emissions;
    const heard = this.#listeners.hasBatch;
    for (const iterator of this.#iterators ?? []) iterator.push(contents, emission);
    if (heard) this.#tellBatch(contents);
    else if ((this.#iterators?.size ?? 0) === 0) {
      this.#unclaimed ??= new BatchIterator(this.#bound, this.#pair, () => undefined);
      this.#unclaimed.push(contents, emission);
    }
  }

  /** What waits for the consumer that is furthest behind; `null` when all are up to date. */
  get furthestBehind(): Pick<BatchContents, 'changes' | 'collapsed'> | null {
    let furthest: BatchIterator | null = null;
    const all = this.#unclaimed === null ? (this.#iterators ?? []) : [this.#unclaimed];
    for (const iterator of all) {
      if (iterator.backlog.empty) continue;
      if (furthest === null || iterator.behindSince < furthest.behindSince) furthest = iterator;
    }
    return furthest?.backlog ?? null;
  }

  /** Ends every iteration; what was not read is dropped. */
  end(error?: WatchError): void {
    this.#unclaimed = null;
    for (const iterator of this.#iterators ?? []) iterator.end(error);
    this.#iterators = null;
  }

  readonly #claim = (): void => {
    const waiting = this.#unclaimed?.drain() ?? null;
    this.#unclaimed = null;
    if (waiting !== null && this.#isOpen()) this.#tellBatch(waiting);
  };

  #tellBatch(contents: Contents): void {
    const batch = toBatch(contents, this.#pair);
    if (batch === null) return;
    this.#listeners.emit('batch', this.#isOpen, { sequence: ++this.#sequence, ...batch });
  }
}
