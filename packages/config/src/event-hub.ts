import type { ConfigEvent } from './event.ts';

/** Events kept for one reader: minutes of a busy manager, kilobytes of memory. */
export const DEFAULT_EVENT_BUFFER = 256;

/** One bounded, pull-driven reader of events. */
class EventReader<T> implements AsyncIterableIterator<ConfigEvent<T>> {
  readonly #limit: number;
  readonly #onClose: () => void;
  #buffer: ConfigEvent<T>[] = [];
  #dropped = 0;
  readonly #waiting: ((result: IteratorResult<ConfigEvent<T>, undefined>) => void)[] = [];
  #closed = false;

  constructor(limit: number, onClose: () => void) {
    this.#limit = limit;
    this.#onClose = onClose;
  }

  push(event: ConfigEvent<T>): void {
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) {
      waiter({ done: false, value: event });
      return;
    }
    if (this.#buffer.length >= this.#limit) {
      this.#dropped++;
      // Thousands of acknowledgements must not push out the one refusal.
      const ack = this.#buffer.findIndex(({ type }) => type === 'ack');
      if (ack === -1 && event.type === 'ack') return;
      this.#buffer.splice(Math.max(ack, 0), 1);
    }
    this.#buffer.push(event);
  }

  async next(): Promise<IteratorResult<ConfigEvent<T>, undefined>> {
    if (this.#dropped > 0) {
      const value = { type: 'dropped', count: this.#dropped } as const;
      this.#dropped = 0;
      return { done: false, value };
    }
    const value = this.#buffer.shift();
    if (value !== undefined) return { done: false, value };
    if (this.#closed) return { done: true, value: undefined };
    const { promise, resolve } = Promise.withResolvers<IteratorResult<ConfigEvent<T>, undefined>>();
    this.#waiting.push(resolve);
    return promise;
  }

  async return(): Promise<IteratorResult<ConfigEvent<T>, undefined>> {
    this.#buffer = [];
    this.#dropped = 0;
    this.close();
    return { done: true, value: undefined };
  }

  /** Nothing more will come; what is buffered can still be read. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const waiter of this.#waiting.splice(0)) waiter({ done: true, value: undefined });
    this.#onClose();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** Hands events to any number of readers. */
export class EventHub<T> {
  readonly #readers = new Set<EventReader<T>>();

  /** How many readers are open. */
  get readers(): number {
    return this.#readers.size;
  }

  /** Hands an event to every reader. */
  emit(event: ConfigEvent<T>): void {
    for (const reader of this.#readers) reader.push(event);
  }

  /** Opens a reader: it gets every event from now on. */
  open(
    limit: number,
    signal: AbortSignal | undefined,
    onClose: () => void,
  ): AsyncIterableIterator<ConfigEvent<T>> {
    const abort = (): void => reader.close();
    const reader = new EventReader<T>(limit, () => {
      signal?.removeEventListener('abort', abort);
      this.#readers.delete(reader);
      onClose();
    });
    this.#readers.add(reader);
    if (signal?.aborted === true) reader.close();
    else signal?.addEventListener('abort', abort, { once: true });
    return reader;
  }

  /** Ends every reader. */
  close(): void {
    for (const reader of this.#readers) reader.close();
  }
}
