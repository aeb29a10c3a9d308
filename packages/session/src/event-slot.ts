/** Joins an event that nobody has taken yet with a newer one of its type. */
export type JoinEvents<E> = (waiting: E, newer: E) => E;

/**
 * One subscriber's place: at most one waiting event of each type, however slowly it reads. An async
 * iterator of those events.
 */
export class EventSlot<E extends { readonly type: string }> implements AsyncIterableIterator<E> {
  readonly #order: readonly E['type'][];
  readonly #join: JoinEvents<E>;
  readonly #onEnd: () => void;
  readonly #onAbort = (): void => this.abort();
  #signal: AbortSignal | undefined;
  readonly #waiting = new Map<string, E>();
  readonly #readers: PromiseWithResolvers<IteratorResult<E>>[] = [];
  #error: { readonly value: unknown } | null = null;
  #ending = false;

  /**
   * @param order - in which order waiting events are handed out, by type
   * @param join - how two events of one type become one
   * @param onEnd - called once, when nothing more will be put in
   */
  constructor(order: readonly E['type'][], join: JoinEvents<E>, onEnd: () => void) {
    this.#order = order;
    this.#join = join;
    this.#onEnd = onEnd;
  }

  /** Whether nothing more will be put in. */
  get ended(): boolean {
    return this.#ending;
  }

  /** Puts an event in, in place of a waiting one of its type. Ignored after the end. */
  put(event: E): void {
    if (this.#ending) return;
    const waiting = this.#waiting.get(event.type);
    this.#waiting.set(event.type, waiting === undefined ? event : this.#join(waiting, event));
    this.#serve();
  }

  /** Ends at once when the signal aborts. */
  endOn(signal: AbortSignal | undefined): void {
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Ends after what is waiting has been read. */
  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    // A signal may outlive many watches; it must not hold them all.
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#onEnd();
    this.#serve();
  }

  /** Ends now: what is waiting is dropped, open reads are done. */
  abort(): void {
    this.#waiting.clear();
    this.#error = null;
    this.end();
  }

  /** Ends with an error, which the next read gets. */
  fail(error: unknown): void {
    if (this.#ending) return;
    this.#waiting.clear();
    this.#error = { value: error };
    this.end();
  }

  next(): Promise<IteratorResult<E>> {
    const reader = Promise.withResolvers<IteratorResult<E>>();
    this.#readers.push(reader);
    this.#serve();
    return reader.promise;
  }

  return(): Promise<IteratorResult<E>> {
    this.abort();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #serve(): void {
    while (this.#readers.length > 0) {
      const event = this.#take();
      if (event === undefined && !this.#ending) return;
      const reader = this.#readers.shift();
      const error = this.#error;
      if (event !== undefined) {
        reader?.resolve({ done: false, value: event });
      } else if (error !== null) {
        this.#error = null;
        reader?.reject(error.value);
      } else {
        reader?.resolve({ done: true, value: undefined });
      }
    }
  }

  #take(): E | undefined {
    const type = this.#order.find((candidate) => this.#waiting.has(candidate));
    if (type === undefined) return undefined;
    const event = this.#waiting.get(type);
    this.#waiting.delete(type);
    return event;
  }
}
