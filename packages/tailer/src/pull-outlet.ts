import type { Outlet, OutletEvents, Parcel } from './outlet.ts';
import type { TailBatch } from './tail.ts';

type Pull<T> = PromiseWithResolvers<IteratorResult<TailBatch<T>, undefined>>;

/** Hands a batch to each `next()` of its iterators; a batch that nobody takes holds reading back. */
export class PullOutlet<T> implements Outlet<T> {
  readonly #events: OutletEvents<T>;
  readonly #onReturn: () => void;
  readonly #waiting: Parcel<T>[] = [];
  readonly #pulls: Pull<T>[] = [];
  #ended = false;
  #error: Error | null = null;

  constructor(events: OutletEvents<T>, onReturn: () => void) {
    this.#events = events;
    this.#onReturn = onReturn;
  }

  get free(): boolean {
    return this.#waiting.length === 0;
  }

  offer(parcel: Parcel<T>): void {
    this.#waiting.push(parcel);
  }

  pump(): void {
    while (this.#pulls.length > 0) {
      const parcel = this.#waiting.shift();
      if (parcel === undefined) break;
      this.#pulls.shift()?.resolve({ done: false, value: this.#hand(parcel) });
    }
    if (this.#ended) this.#finish();
  }

  /** Resolves at once: what is left can still be pulled, but nothing is pushed at anyone. */
  async end(error?: Error): Promise<void> {
    this.#ended = true;
    this.#error ??= error ?? null;
    this.pump();
  }

  /** A view on the one stream of batches; several views share it. */
  iterator(): AsyncIterator<TailBatch<T>, undefined> {
    return {
      next: () => this.#next(),
      return: async () => {
        this.#onReturn();
        return { done: true, value: undefined };
      },
    };
  }

  #next(): Promise<IteratorResult<TailBatch<T>, undefined>> {
    const pull: Pull<T> = Promise.withResolvers();
    this.#pulls.push(pull);
    const wasFree = this.free;
    this.pump();
    if (!wasFree && this.free) this.#events.freed();
    return pull.promise;
  }

  #hand(parcel: Parcel<T>): TailBatch<T> {
    this.#events.delivering(parcel);
    this.#events.delivered(parcel);
    return parcel.batch;
  }

  #finish(): void {
    if (this.#waiting.length > 0) return;
    for (const pull of this.#pulls.splice(0)) {
      if (this.#error === null) {
        pull.resolve({ done: true, value: undefined });
      } else {
        pull.reject(this.#error);
        this.#error = null;
      }
    }
  }
}
