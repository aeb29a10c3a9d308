import type { Clock } from '@watchkeeper/core';
import { SLICE_MS, SLICE_STEPS, SLOT_MS } from './fanout.ts';
import type { Fanout } from './fanout.ts';
import { offsetFor, windowFor } from './fanout-plan.ts';
import type { TimerSet } from './timer-set.ts';

/** One who gets the newest generation when its turn comes. */
export interface Receiver {
  /** Decides its place in the window. */
  readonly hash: number;
  /** Whether it waits for a turn; kept by the queue. */
  scheduled: boolean;
  /** Whether a turn would have something to give it. */
  readonly wants: boolean;
  /** Its turn. Must not throw or reject; a promise occupies one of the places until it resolves. */
  deliver(): Promise<void> | undefined;
}

/**
 * Gives receivers their turns: spread over a window, no more than so many at a time, in slices that
 * let the event loop breathe. A receiver that waits keeps its place when a newer generation comes.
 */
export class FanoutQueue {
  readonly #fanout: Fanout;
  readonly #clock: Clock;
  readonly #timers: TimerSet;
  readonly #onIdle: () => void;
  #ready: Receiver[] = [];
  #head = 0;
  readonly #slots = new Map<number, Receiver[]>();
  #planning: Iterator<Receiver> | undefined;
  #plan = { startedAt: 0, windowMs: 0, generation: 0 };
  #running = 0;
  #awake = false;

  constructor(parts: {
    readonly fanout: Fanout;
    readonly clock: Clock;
    readonly timers: TimerSet;
    readonly onIdle: () => void;
  }) {
    this.#fanout = parts.fanout;
    this.#clock = parts.clock;
    this.#timers = parts.timers;
    this.#onIdle = parts.onIdle;
  }

  /** Whether nobody waits and nobody is at it. */
  get idle(): boolean {
    return (
      this.#running === 0 &&
      this.#planning === undefined &&
      this.#slots.size === 0 &&
      this.#head === this.#ready.length
    );
  }

  /** A new generation: everyone who wants it gets a place, those who have one keep it. */
  spread(receivers: Iterable<Receiver>, count: number, generation: number): void {
    this.#planning = receivers[Symbol.iterator]();
    this.#plan = {
      startedAt: this.#clock.now(),
      windowMs: windowFor(count, this.#fanout),
      generation,
    };
    this.#wake();
  }

  /** A turn as soon as one is free. */
  enqueue(receiver: Receiver): void {
    if (receiver.scheduled) return;
    receiver.scheduled = true;
    this.#ready.push(receiver);
    this.#wake();
  }

  #wake(): void {
    if (this.#awake) return;
    this.#awake = true;
    this.#timers.set(0, () => this.#slice());
  }

  #slice(): void {
    this.#awake = false;
    const until = this.#clock.now() + SLICE_MS;
    for (let steps = 0; this.#step(); steps++) {
      if (steps < SLICE_STEPS && this.#clock.now() < until) continue;
      this.#wake();
      return;
    }
    if (this.idle) this.#onIdle();
  }

  /** `false` when nothing can be done now. */
  #step(): boolean {
    if (this.#planning !== undefined) {
      const next = this.#planning.next();
      if (next.done === true) this.#planning = undefined;
      else this.#place(next.value);
      return true;
    }
    if (this.#running >= this.#fanout.concurrency) return false;
    const receiver = this.#ready[this.#head];
    if (receiver === undefined) return false;
    this.#head++;
    if (this.#head === this.#ready.length) {
      this.#ready = [];
      this.#head = 0;
    }
    receiver.scheduled = false;
    const busy = receiver.deliver();
    if (busy !== undefined) {
      this.#running++;
      void busy.then(() => {
        this.#running--;
        this.#wake();
      });
    }
    return true;
  }

  #place(receiver: Receiver): void {
    if (receiver.scheduled || !receiver.wants) return;
    const { startedAt, windowMs, generation } = this.#plan;
    const at = startedAt + offsetFor(receiver.hash, generation, windowMs, this.#fanout);
    const now = this.#clock.now();
    if (at <= now) {
      receiver.scheduled = true;
      this.#ready.push(receiver);
      return;
    }
    receiver.scheduled = true;
    const slot = Math.ceil(at / SLOT_MS);
    const waiting = this.#slots.get(slot);
    if (waiting !== undefined) {
      waiting.push(receiver);
      return;
    }
    this.#slots.set(slot, [receiver]);
    this.#timers.set(slot * SLOT_MS - now, () => {
      for (const due of this.#slots.get(slot) ?? []) this.#ready.push(due);
      this.#slots.delete(slot);
      this.#wake();
    });
  }
}
