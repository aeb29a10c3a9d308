import type { Clock, Timer } from '@watchkeeper/core';

/** Streams per handler; each costs a socket and a monitor subscription, and a browser opens a few at most. */
export const MAX_STREAMS = 200;

/** A stream ends after this time and the client resumes, so a vanished client holds nothing for longer, in milliseconds. */
export const MAX_STREAM_AGE_MS: number = 60 * 60 * 1000;

/** After `bye`, a client that reads has this long to take it, in milliseconds; the whole shutdown stays under five seconds. */
export const BYE_GRACE_MS = 3000;

/** Options of a {@link StreamRegistry}. */
export interface StreamRegistryOptions {
  readonly clock: Clock;
  readonly maxStreams: number;
  readonly maxAgeMs: number;
}

/** The open streams: how many there may be, how old they get, and how they all end. */
export class StreamRegistry {
  readonly #options: StreamRegistryOptions;
  readonly #streams = new Set<OpenStream>();
  #closing: Promise<void> | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(options: StreamRegistryOptions) {
    this.#options = options;
  }

  /** How many are open. */
  get size(): number {
    return this.#streams.size;
  }

  /** No stream is opened any more. */
  get closing(): boolean {
    return this.#closing !== undefined;
  }

  /** Takes a place for a stream, or `null` when there is none left. */
  open(): OpenStream | null {
    const { clock, maxStreams, maxAgeMs } = this.#options;
    if (this.closing || this.#streams.size >= maxStreams) return null;
    const stream = new OpenStream(clock, maxAgeMs, () => {
      this.#streams.delete(stream);
      if (this.#streams.size === 0) this.#onEmpty?.();
    });
    this.#streams.add(stream);
    return stream;
  }

  /** Asks every stream to say `bye`, and resolves when none is open; those that are not read are cut. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#onEmpty = resolve;
      if (this.#streams.size === 0) resolve();
      for (const stream of this.#streams) stream.expire();
    });
    return this.#closing;
  }
}

/** The place of one stream in a {@link StreamRegistry}. */
export class OpenStream {
  readonly #expiry = new AbortController();
  readonly #end = new AbortController();
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  #timer: Timer;

  constructor(clock: Clock, maxAgeMs: number, onEnd: () => void) {
    this.#clock = clock;
    this.#onEnd = onEnd;
    this.#timer = clock.setTimeout(() => this.expire(), maxAgeMs);
    this.#timer.unref();
  }

  /** Aborts when the stream must say `bye`. */
  get closing(): AbortSignal {
    return this.#expiry.signal;
  }

  /** Aborts when the stream is over, for whatever reason. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** Asks the stream to say `bye`; it is cut when it has not ended by itself a little later. */
  expire(): void {
    if (this.#expiry.signal.aborted || this.#end.signal.aborted) return;
    this.#timer.cancel();
    this.#timer = this.#clock.setTimeout(() => this.end(), BYE_GRACE_MS);
    this.#expiry.abort();
  }

  /** Gives the place back. Idempotent. */
  end(): void {
    if (this.#end.signal.aborted) return;
    this.#timer.cancel();
    this.#end.abort();
    this.#onEnd();
  }
}
