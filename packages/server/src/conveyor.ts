import type { Clock } from '@watchkeeper/core';

/** What a {@link Conveyor} hands out next. */
export type Delivery<T> =
  | { readonly kind: 'item'; readonly item: T }
  /** Nothing came for `quietMs`. */
  | { readonly kind: 'quiet' }
  /** `closing` aborted; what was under way is not handed out. */
  | { readonly kind: 'closing' }
  /** The source ended. */
  | { readonly kind: 'ended' };

/** Options of a {@link Conveyor}. */
export interface ConveyorOptions {
  readonly clock: Clock;
  readonly quietMs: number;
  readonly closing: AbortSignal;
}

/**
 * Pulls one item at a time from a source and holds at most one, however slow the reader is: a source
 * that collapses its signals does so only while it is not pulled.
 */
export class Conveyor<T> {
  readonly #iterator: AsyncIterator<T>;
  readonly #options: ConveyorOptions;
  #arrived: IteratorResult<T, unknown> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #fetching = false;
  #wake: (() => void) | undefined;
  #stopped = false;

  constructor(source: AsyncIterable<T>, options: ConveyorOptions) {
    this.#iterator = source[Symbol.asyncIterator]();
    this.#options = options;
    options.closing.addEventListener('abort', () => this.#wake?.(), { once: true });
  }

  /** The next delivery; one call at a time. Throws what the source threw. */
  async next(): Promise<Delivery<T>> {
    for (;;) {
      if (this.#stopped) return { kind: 'ended' };
      if (this.#options.closing.aborted) return { kind: 'closing' };
      if (this.#failure !== undefined) throw this.#failure.error;
      const arrived = this.#arrived;
      if (arrived !== undefined) {
        this.#arrived = undefined;
        return arrived.done === true ? { kind: 'ended' } : { kind: 'item', item: arrived.value };
      }
      this.#fetch();
      if (await this.#waitQuietly()) return { kind: 'quiet' };
    }
  }

  /** Ends a waiting `next` and the source; a source's own cleanup is not waited for. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#wake?.();
    // The reader is gone: a source that fails while it is torn down has nobody left to tell.
    this.#iterator.return?.().then(undefined, () => undefined);
  }

  #fetch(): void {
    if (this.#fetching) return;
    this.#fetching = true;
    void this.#take(this.#iterator.next());
  }

  async #take(next: Promise<IteratorResult<T, unknown>>): Promise<void> {
    try {
      this.#arrived = await next;
      this.#fetching = false;
    } catch (error) {
      // Kept for whoever asks next; `#fetching` stays set, since a source that failed is over.
      this.#failure = { error };
    }
    this.#wake?.();
  }

  /** Resolves with true after `quietMs`, with false as soon as something happened. */
  #waitQuietly(): Promise<boolean> {
    const { clock, quietMs } = this.#options;
    return new Promise<boolean>((resolve) => {
      const settle = (quiet: boolean): void => {
        timer.cancel();
        this.#wake = undefined;
        resolve(quiet);
      };
      const timer = clock.setTimeout(() => settle(true), quietMs);
      timer.unref();
      this.#wake = () => settle(false);
    });
  }
}
