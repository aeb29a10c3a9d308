import type { Checkpoint } from './cursor-codec.ts';
import type { TailBatch } from './tail.ts';

/** A batch on its way to the consumer. */
export interface Parcel<T> {
  readonly batch: TailBatch<T>;
  /** Where the tail stands once the batch is delivered. */
  readonly checkpoint: Checkpoint;
}

/** What an {@link Outlet} tells its owner. */
export interface OutletEvents<T> {
  /** The consumer gets the batch now. */
  delivering(parcel: Parcel<T>): void;
  /** The consumer works on the batch beyond this turn. */
  pending(parcel: Parcel<T>): void;
  /** The consumer has finished with the batch. */
  delivered(parcel: Parcel<T>): void;
  /** The consumer has failed on the batch, which will not be handed over again. */
  failed(parcel: Parcel<T>, error: unknown): void;
  /** The consumer can take another batch after it could not. */
  freed(): void;
}

/** Hands batches to the consumer in order, one at a time. */
export interface Outlet<T> {
  /** Whether the consumer would take a batch now: nothing waits and nothing is being handled. */
  readonly free: boolean;
  /** Puts a batch in line; nothing is called before {@link Outlet.pump}. */
  offer(parcel: Parcel<T>): void;
  /** Hands over what the consumer can take now. */
  pump(): void;
  /** Tells that no further batch will be offered. Resolves when nothing more will be handed over by the outlet itself. */
  end(error?: Error): Promise<void>;
}

/** Calls `onBatch` for each batch; a promise that it returns holds the next one back. */
export class CallbackOutlet<T> implements Outlet<T> {
  readonly #onBatch: (batch: TailBatch<T>) => void | Promise<void>;
  readonly #events: OutletEvents<T>;
  readonly #waiting: Parcel<T>[] = [];
  #busy = false;
  #ended: PromiseWithResolvers<void> | null = null;

  constructor(onBatch: (batch: TailBatch<T>) => void | Promise<void>, events: OutletEvents<T>) {
    this.#onBatch = onBatch;
    this.#events = events;
  }

  get free(): boolean {
    return !this.#busy && this.#waiting.length === 0;
  }

  offer(parcel: Parcel<T>): void {
    this.#waiting.push(parcel);
  }

  pump(): void {
    while (!this.#busy) {
      const parcel = this.#waiting.shift();
      if (parcel === undefined) break;
      this.#hand(parcel);
    }
    if (this.free) this.#ended?.resolve();
  }

  end(): Promise<void> {
    this.#ended ??= Promise.withResolvers<void>();
    if (this.free) this.#ended.resolve();
    return this.#ended.promise;
  }

  #hand(parcel: Parcel<T>): void {
    this.#busy = true;
    this.#events.delivering(parcel);
    let result: void | Promise<void>;
    try {
      result = this.#onBatch(parcel.batch);
    } catch (error) {
      // Whatever a consumer throws is handed on as data.
      this.#busy = false;
      this.#events.failed(parcel, error);
      return;
    }
    if (isThenable(result)) {
      this.#events.pending(parcel);
      void Promise.resolve(result).then(
        () => this.#settled(() => this.#events.delivered(parcel)),
        (error: unknown) => this.#settled(() => this.#events.failed(parcel, error)),
      );
      return;
    }
    this.#busy = false;
    this.#events.delivered(parcel);
  }

  #settled(tell: () => void): void {
    this.#busy = false;
    tell();
    this.pump();
    if (this.free) this.#events.freed();
  }
}

function isThenable(value: unknown): value is PromiseLike<void> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
