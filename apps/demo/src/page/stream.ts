/** Waits before a stream that the browser gave up is opened again, in milliseconds; the last one repeats. */
const REOPEN_MS = [500, 1000, 2000, 5000, 10_000] as const;

/** What a stream tells its owner. */
export interface StreamListener {
  /** One event of the stream: its name, its parsed data and its id. */
  event(name: string, data: unknown): void;
  state(state: 'live' | 'lost'): void;
}

/**
 * A server-sent event stream that never gives up: the browser retries after a broken connection, and
 * this opens a new one, from the last id it saw, where the browser would not (any answer but 200).
 */
export class Stream {
  readonly #url: URL;
  readonly #names: readonly string[];
  readonly #listener: StreamListener;
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;

  constructor(url: string, names: readonly string[], listener: StreamListener) {
    this.#url = new URL(url, location.href);
    this.#names = names;
    this.#listener = listener;
    this.#open();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #open(): void {
    const source = new EventSource(this.#url);
    this.#source = source;
    source.addEventListener('open', () => {
      this.#attempt = 0;
      this.#listener.state('live');
    });
    source.addEventListener('error', () => {
      if (this.#source !== source) return;
      this.#listener.state('lost');
      if (source.readyState !== EventSource.CLOSED) return;
      const wait = REOPEN_MS[Math.min(this.#attempt, REOPEN_MS.length - 1)];
      this.#attempt += 1;
      this.#timer = setTimeout(() => this.#open(), wait);
    });
    for (const name of this.#names) {
      source.addEventListener(name, (event) => {
        if (this.#source !== source) return;
        if (event.lastEventId !== '') {
          this.#url.searchParams.set('last_event_id', event.lastEventId);
        }
        this.#listener.event(name, event.data === '' ? null : JSON.parse(event.data));
      });
    }
  }
}
