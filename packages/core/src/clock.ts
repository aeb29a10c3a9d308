/** A pending timeout. */
export interface Timer {
  /** Lets the timer keep the process alive (the default). */
  ref(): void;
  /** Stops the timer from keeping the process alive. */
  unref(): void;
  /** Cancels the timer; harmless when it has fired. */
  cancel(): void;
}

/** The only door to time: every component takes one, so tests never sleep. */
export interface Clock {
  /** Monotonic time in milliseconds; its zero is arbitrary. */
  now(): number;
  /** Milliseconds since the epoch, for display only: it may jump. */
  wallNow(): number;
  /** Calls `fn` once after `ms` milliseconds. */
  setTimeout(fn: () => void, ms: number): Timer;
}

/** The clock of this process: `performance.now()` and the runtime's timers. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  setTimeout(fn, ms) {
    const timeout = setTimeout(fn, ms);
    return {
      ref: () => void timeout.ref(),
      unref: () => void timeout.unref(),
      cancel: () => clearTimeout(timeout),
    };
  },
};
