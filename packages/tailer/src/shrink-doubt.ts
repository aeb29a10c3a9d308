import type { Clock } from '@watchkeeper/core';

/** On a network file system a smaller size must last this long to be believed: cached sizes lag behind the content. */
export const SHRINK_CONFIRM_MS = 100;

/** Whether, and since when, a file was shown shorter than it may be. */
export class ShrinkDoubt {
  readonly #clock: Clock;
  #since: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the file was shown shorter and that is not settled yet. */
  get open(): boolean {
    return this.#since !== null;
  }

  /** The file is shown shorter. Returns whether that is too early to believe; `isRemote` is asked the first time. */
  holds(isRemote: () => boolean): boolean {
    if (this.#since === null && !isRemote()) return false;
    const now = this.#clock.now();
    this.#since ??= now;
    return now - this.#since < SHRINK_CONFIRM_MS;
  }

  /** The file is as long as it was, or believed to be shorter. */
  end(): void {
    this.#since = null;
  }
}
