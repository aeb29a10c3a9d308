import { toBatch, type BatchContents, type Contents, type QueueBound } from './batch-contents.ts';
import { BatchIterator } from './batch-iterator.ts';
import type { WatchError } from './errors.ts';
import type { WatchListeners } from './watch-listeners.ts';

/** The watch whose changes are handed out. */
export interface ConsumersOwner {
  /** Those who listen; `null` while nobody ever did. */
  readonly listeners: WatchListeners | null;
  /** Whether anything may still be delivered. */
  readonly isOpen: boolean;
}

/**
 * Who gets the changes of one watch: its listeners at once, each iterator when it is read. While there
 * is nobody, the changes wait for whoever comes first.
 */
export class BatchConsumers {
  readonly #bound: QueueBound;
  readonly #pair: boolean;
  readonly #owner: ConsumersOwner;
  #iterators: Set<BatchIterator> | null = null;
  #unclaimed: BatchIterator | null = null;
  #sequence = 0;
  #emissions = 0;

  constructor(bound: QueueBound, pair: boolean, owner: ConsumersOwner) {
    this.#bound = bound;
    this.#pair = pair;
    this.#owner = owner;
  }

  /** The first listener came: soon it gets what waited for somebody. */
  claim(): void {
    if (this.#unclaimed !== null) queueMicrotask(() => this.#claimNow());
  }

  /** Adds an iterator. */
  iterate(): BatchIterator {
    const iterator: BatchIterator = new BatchIterator(this.#bound, this.#pair, () => {
      this.#iterators?.delete(iterator);
    });
    // A listener that came before has a right to what waited.
    const claimed = this.#owner.listeners?.hasBatch ?? false;
    const waiting = claimed ? null : (this.#unclaimed?.drain() ?? null);
    if (!claimed) this.#unclaimed = null;
    if (waiting !== null) iterator.push(waiting, this.#emissions);
    (this.#iterators ??= new Set()).add(iterator);
    return iterator;
  }

  /** Hands changes to everybody. */
  emit(contents: Contents): void {
    // What waited for a listener comes before what is new.
    this.#claimNow();
    if (!this.#owner.isOpen) return;
    const emission = ++this.#emissions;
    const heard = this.#owner.listeners?.hasBatch ?? false;
    if (this.#iterators !== null) {
      for (const iterator of this.#iterators) iterator.push(contents, emission);
    }
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

  #claimNow(): void {
    if (this.#unclaimed === null || this.#owner.listeners?.hasBatch !== true) return;
    const waiting = this.#unclaimed.drain();
    this.#unclaimed = null;
    if (waiting !== null && this.#owner.isOpen) this.#tellBatch(waiting);
  }

  #tellBatch(contents: Contents): void {
    const batch = toBatch(contents, this.#pair);
    if (batch === null) return;
    const sequence = ++this.#sequence;
    const { changes, repaired } = batch;
    this.#owner.listeners?.emit(
      'batch',
      repaired === undefined ? { sequence, changes } : { sequence, changes, repaired },
    );
  }
}
