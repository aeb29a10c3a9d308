import type { Clock } from '@watchkeeper/core';

/** Someone with more work than fits into one turn of the event loop. */
export interface TurnTaker {
  /** Does a bounded piece of work. Returns whether there is more. */
  takeTurn(): boolean;
}

/** Longest time that reading holds the event loop at once: a quarter of a frame at 60 per second. */
export const TURN_MS = 4;

/** Shares the event loop: everyone in line does one piece of work, then the next; other events come in between. */
export class TurnQueue {
  readonly #clock: Clock;
  readonly #line = new Set<TurnTaker>();
  #scheduled: NodeJS.Immediate | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Puts a taker at the end of the line, unless it stands there already. */
  add(taker: TurnTaker): void {
    this.#line.add(taker);
    this.#scheduled ??= setImmediate(() => this.#round());
  }

  /** Takes a taker out of the line. */
  remove(taker: TurnTaker): void {
    this.#line.delete(taker);
    if (this.#line.size === 0 && this.#scheduled !== null) {
      clearImmediate(this.#scheduled);
      this.#scheduled = null;
    }
  }

  /** Whether a taker stands in line. */
  has(taker: TurnTaker): boolean {
    return this.#line.has(taker);
  }

  #round(): void {
    this.#scheduled = null;
    const until = this.#clock.now() + TURN_MS;
    // Those who ask for another turn stand behind this round's last one.
    let left = this.#line.size;
    for (const taker of this.#line) {
      if (left === 0) break;
      left -= 1;
      this.#line.delete(taker);
      if (taker.takeTurn()) this.#line.add(taker);
      if (this.#clock.now() >= until) break;
    }
    if (this.#line.size > 0) this.#scheduled ??= setImmediate(() => this.#round());
  }
}
