import type { Clock, Timer } from '@watchkeeper/core';
import type { StreamFrame } from '@watchkeeper/server';
import { InvalidArgumentError } from 'commander';

import { parseDuration } from './duration.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** When watching is done: the session is deleted, or nothing changed for so many milliseconds. */
export type Until = { readonly what: 'gone' } | { readonly what: 'idle'; readonly ms: number };

/** Reads `gone` or `idle:10s`. */
export function parseUntil(text: string): Until {
  if (text === 'gone') return { what: 'gone' };
  if (text.startsWith('idle:'))
    return { what: 'idle', ms: parseDuration(text.slice('idle:'.length)) };
  throw new InvalidArgumentError('Use gone, or idle: and a duration, such as idle:10s.');
}

/** The events that mean the session is not idle. */
const CHANGES: ReadonlySet<StreamFrame['event']> = new Set([
  'session.updated',
  'messages',
  'reset',
]);

/** Options of a {@link StopWatch}. */
export interface StopWatchOptions {
  readonly until?: Until;
  /** In milliseconds. */
  readonly timeout?: number;
  readonly clock: Clock;
  /** Stops from outside. */
  readonly signal: AbortSignal;
}

/** Decides when a watch ends, and with which code. */
export class StopWatch implements AsyncDisposable {
  readonly #options: StopWatchOptions;
  readonly #stop = new AbortController();
  readonly #onAbort = (): void => this.#stop.abort();
  #idle: Timer | null = null;
  readonly #timeout: Timer | null;
  #exitCode: ExitCode = EXIT.failure;

  constructor(options: StopWatchOptions) {
    this.#options = options;
    const { signal, timeout, clock } = options;
    if (signal.aborted) this.#stop.abort();
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#timeout =
      timeout === undefined ? null : clock.setTimeout(() => this.#end(EXIT.timeout), timeout);
  }

  /** Aborts when the watch is to end. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** What the watch ended with. A stream that broke off is a failure, not success. */
  get exitCode(): ExitCode {
    return this.#exitCode;
  }

  /** Watching begins: idle time counts from here. */
  begin(): void {
    this.#restart();
  }

  /** A frame came. */
  saw(frame: StreamFrame): void {
    if (frame.event === 'session.gone') {
      this.#end(this.#options.until?.what === 'gone' ? EXIT.ok : EXIT.gone);
    } else if (CHANGES.has(frame.event)) {
      this.#restart();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#idle?.cancel();
    this.#timeout?.cancel();
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#stop.abort();
  }

  #restart(): void {
    const { until, clock } = this.#options;
    if (until?.what !== 'idle' || this.#stop.signal.aborted) return;
    this.#idle?.cancel();
    this.#idle = clock.setTimeout(() => this.#end(EXIT.ok), until.ms);
  }

  #end(exitCode: ExitCode): void {
    if (this.#stop.signal.aborted) return;
    this.#exitCode = exitCode;
    this.#stop.abort();
  }
}
