import { systemClock, type Clock, type Timer } from '@watchkeeper/core';

/** The system's clock, which also knows how many timers are pending. */
export class CountingClock implements Clock {
  readonly #pending = new Set<Timer>();

  get pending(): number {
    return this.#pending.size;
  }

  now(): number {
    return systemClock.now();
  }

  wallNow(): number {
    return systemClock.wallNow();
  }

  setTimeout(fn: () => void, ms: number): Timer {
    const inner = systemClock.setTimeout(() => {
      this.#pending.delete(timer);
      fn();
    }, ms);
    const timer: Timer = {
      ref: () => inner.ref(),
      unref: () => inner.unref(),
      cancel: () => {
        this.#pending.delete(timer);
        inner.cancel();
      },
    };
    this.#pending.add(timer);
    return timer;
  }
}
