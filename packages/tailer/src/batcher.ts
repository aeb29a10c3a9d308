import type { Clock, Timer } from '@watchkeeper/core';

/** When pending items are due. */
export interface BatchTiming {
  readonly debounceMs: number;
  readonly maxWaitMs: number;
}

/** A batch of this many bytes of lines is due at once, so that a backlog is delivered in bounded pieces. */
export const BATCH_BYTES: number = 1024 * 1024;

/**
 * Collects items and says when they are due: once nothing came for `debounceMs`, or `maxWaitMs` after the
 * first one, whichever is earlier. One timer serves both.
 */
export class Batcher<T> {
  readonly #clock: Clock;
  readonly #timing: BatchTiming;
  readonly #onDue: () => void;
  #items: T[] = [];
  #bytes = 0;
  #grown = false;
  #firstAt = 0;
  #lastAt = 0;
  #timer: Timer | null = null;

  constructor(clock: Clock, timing: BatchTiming, onDue: () => void) {
    this.#clock = clock;
    this.#timing = timing;
    this.#onDue = onDue;
  }

  /** Whether nothing is pending. */
  get empty(): boolean {
    return this.#items.length === 0;
  }

  /** Adds the item of a line that took `bytes` bytes. */
  add(item: T, bytes: number): void {
    this.#items.push(item);
    this.#bytes += bytes;
    this.#grown = true;
  }

  /** Tells that a read is complete. Returns whether a batch is due now; if not, `onDue` is called when it is. */
  settle(): boolean {
    if (!this.#grown) return false;
    this.#grown = false;
    const { debounceMs, maxWaitMs } = this.#timing;
    if (debounceMs === 0 || maxWaitMs === 0 || this.#bytes >= BATCH_BYTES) return true;
    const now = this.#clock.now();
    if (this.#timer === null) {
      this.#firstAt = now;
      this.#arm(Math.min(debounceMs, maxWaitMs));
    }
    this.#lastAt = now;
    return false;
  }

  /** Takes what is pending, possibly nothing, and stops the timer. */
  take(): T[] {
    this.cancel();
    const items = this.#items;
    this.#items = [];
    this.#bytes = 0;
    this.#grown = false;
    return items;
  }

  /** Stops the timer; what is pending stays. */
  cancel(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #arm(delayMs: number): void {
    this.#timer = this.#clock.setTimeout(() => this.#expire(), Math.ceil(delayMs));
  }

  #expire(): void {
    const { debounceMs, maxWaitMs } = this.#timing;
    const due = Math.min(this.#lastAt + debounceMs, this.#firstAt + maxWaitMs);
    const left = due - this.#clock.now();
    if (left > 0) {
      this.#arm(left);
      return;
    }
    this.#timer = null;
    this.#onDue();
  }
}
