import type { Clock, Timer } from '@watchkeeper/core';

import { EventSlot } from './event-slot.ts';
import type { ListEvent } from './monitor-event.ts';
import { LIST_LEADING_MS, LIST_TRAILING_MS } from './monitor-options.ts';

/** Tells subscribers that the list of sessions may have changed, at a pace at which a list is worth reading again. */
export class ListFeed {
  readonly #clock: Clock;
  readonly #slots = new Map<EventSlot<ListEvent>, { polls: number }>();
  #timer: Timer | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many listen. */
  get size(): number {
    return this.#slots.size;
  }

  /** Adds a subscriber; `onEnd` is called once it is gone. */
  subscribe(onEnd: () => void): EventSlot<ListEvent> {
    const slot: EventSlot<ListEvent> = new EventSlot(
      ['changed', 'heartbeat'],
      (_waiting, newer) => newer,
      () => {
        this.#slots.delete(slot);
        if (this.#slots.size === 0) this.#rest();
        onEnd();
      },
    );
    this.#slots.set(slot, { polls: 0 });
    return slot;
  }

  /** Something changed. */
  notify(): void {
    if (this.#timer !== null || this.#slots.size === 0) return;
    const now = this.#clock.now();
    const due = Math.max(now + LIST_LEADING_MS, this.#toldAt + LIST_TRAILING_MS);
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null;
      this.#toldAt = this.#clock.now();
      for (const slot of this.#slots.keys()) slot.put({ type: 'changed' });
    }, due - now);
  }

  /** `polls` polls went by. */
  count(polls: number, perHeartbeat: number): void {
    for (const [slot, seen] of this.#slots) {
      const before = Math.floor(seen.polls / perHeartbeat);
      seen.polls += polls;
      if (Math.floor(seen.polls / perHeartbeat) > before) {
        slot.put({ type: 'heartbeat', at: this.#clock.wallNow() });
      }
    }
  }

  /** Ends every subscriber. */
  close(): void {
    for (const slot of [...this.#slots.keys()]) slot.end();
  }

  #rest(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
