import type { Clock, Timer } from '@watchkeeper/core';

/** First pause after a failed read: most causes (a busy file, a descriptor shortage) pass within it. */
export const RETRY_FIRST_MS = 100;
/** Longest pause: an operator who repairs permissions sees the tail go on within this time. */
export const RETRY_LONGEST_MS = 10_000;

/** An episode of failures: the first one is told, then it is tried again with growing pauses until it works. */
export class Retry {
  readonly #clock: Clock;
  readonly #again: () => void;
  #failures = 0;
  #timer: Timer | null = null;

  constructor(clock: Clock, again: () => void) {
    this.#clock = clock;
    this.#again = again;
  }

  /** Whether the last attempt failed. */
  get active(): boolean {
    return this.#failures > 0;
  }

  /** Tells that an attempt failed. Returns whether it is the first of its episode. */
  failed(): boolean {
    const pause = Math.min(RETRY_FIRST_MS * 2 ** this.#failures, RETRY_LONGEST_MS);
    this.#failures += 1;
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null;
      this.#again();
    }, pause);
    return this.#failures === 1;
  }

  /** Tells that an attempt worked, or that no more will be made: ends the episode. */
  end(): void {
    this.#failures = 0;
    this.#timer?.cancel();
    this.#timer = null;
  }
}
