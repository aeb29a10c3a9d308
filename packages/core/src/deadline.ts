import type { Clock, Timer } from './clock.ts';

/** What a {@link Deadline} gives when no answer came in time. */
export const late: unique symbol = Symbol('late');

/** Limits the wait for what somebody else's code answers, one answer at a time. */
export class Deadline {
  readonly #clock: Clock;
  #timer: Timer | null = null;
  #referenced: boolean;
  #expire: (() => void) | null = null;

  constructor(clock: Clock, referenced: boolean) {
    this.#clock = clock;
    this.#referenced = referenced;
  }

  /** Gives the answer, or {@link late} once so many milliseconds have passed without it; `Infinity` leaves the end to {@link Deadline.leave}. */
  wait<T>(answer: Promise<T>, ms: number): Promise<T | typeof late> {
    return new Promise((resolve, reject) => {
      const expire = (): void => settle(() => resolve(late));
      const settle = (act: () => void): void => {
        // A late answer meets the wait for another one, or none.
        if (this.#expire !== expire) return;
        this.#stop();
        this.#expire = null;
        act();
      };
      this.#expire = expire;
      this.leave(ms);
      // What breaks its contract may answer with no promise at all.
      Promise.resolve(answer).then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(error)),
      );
    });
  }

  /** Leaves only so much time from now on; with 0 the wait ends in this call. */
  leave(ms: number): void {
    if (this.#expire === null) return;
    this.#stop();
    if (ms === 0) this.#expire();
    // In halves: of the time for which the event loop is blocked, when no answer can come, at most one counts.
    else if (ms < Infinity) this.#set(ms / 2, () => this.#set(ms / 2, () => this.#expire?.()));
  }

  /** Sets whether the wait keeps the process alive. */
  refer(referenced: boolean): void {
    this.#referenced = referenced;
    if (referenced) this.#timer?.ref();
    else this.#timer?.unref();
  }

  #set(ms: number, then: () => void): void {
    this.#timer = this.#clock.setTimeout(then, ms);
    if (!this.#referenced) this.#timer.unref();
  }

  #stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
