import type { Clock, Timer } from '@watchkeeper/core';

/** Cancels one timer; harmless when it has fired. */
export type Cancel = () => void;

/**
 * Every timer of one manager. They do not keep the process alive unless somebody waits for what they
 * will do; closing cancels them all.
 */
export class TimerSet {
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();
  #holds = 0;
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many timers wait. */
  get size(): number {
    return this.#timers.size;
  }

  /** Calls `fn` once after `ms` milliseconds, unless cancelled or closed before. */
  set(ms: number, fn: () => void): Cancel {
    if (this.#closed) return () => undefined;
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(timer);
      fn();
    }, ms);
    if (this.#holds === 0) timer.unref();
    this.#timers.add(timer);
    return () => {
      if (this.#timers.delete(timer)) timer.cancel();
    };
  }

  /** Lets every timer, also later ones, keep the process alive until the returned function is called. */
  hold(): () => void {
    if (this.#holds++ === 0) for (const timer of this.#timers) timer.ref();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (--this.#holds === 0) for (const timer of this.#timers) timer.unref();
    };
  }

  /** Cancels every timer; later ones are never set. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }
}
