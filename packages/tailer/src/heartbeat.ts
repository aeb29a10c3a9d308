import type { Clock, Timer } from '@watchkeeper/core';

import { TURN_MS } from './turn-queue.ts';

/** Someone who wants to look at its file from time to time. */
export interface Beating {
  /** When the next beat is due; kept by {@link Heartbeats}, -1 for none. */
  beatAt: number;
  /** Looks. Called once for each {@link Heartbeats.schedule}. */
  beat(): void;
}

/** Beats that are due within this time are served together, so that thousands of tails need one timer. */
export const BEAT_SLOT_MS = 50;

/** One timer for the heartbeats of all tails. Its timer never keeps the process alive. */
export class Heartbeats {
  readonly #clock: Clock;
  readonly #slots = new Map<number, Set<Beating>>();
  #timer: Timer | null = null;
  #timerAt = Infinity;
  #late: NodeJS.Immediate | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Asks for a beat after `delayMs`, up to {@link BEAT_SLOT_MS} early, in place of one asked for before. */
  schedule(member: Beating, delayMs: number): void {
    this.#remove(member);
    const due = this.#clock.now() + delayMs;
    const slot =
      delayMs < BEAT_SLOT_MS * 4 ? Math.ceil(due) : Math.floor(due / BEAT_SLOT_MS) * BEAT_SLOT_MS;
    const members = this.#slots.get(slot);
    if (members === undefined) this.#slots.set(slot, new Set([member]));
    else members.add(member);
    member.beatAt = slot;
    if (slot < this.#timerAt) this.#arm(slot);
  }

  /** Takes back what was asked for. */
  cancel(member: Beating): void {
    this.#remove(member);
    if (this.#slots.size === 0) this.#disarm();
  }

  #remove(member: Beating): void {
    const members = this.#slots.get(member.beatAt);
    members?.delete(member);
    if (members?.size === 0) this.#slots.delete(member.beatAt);
    member.beatAt = -1;
  }

  #arm(slot: number): void {
    this.#timer?.cancel();
    this.#timerAt = slot;
    this.#timer = this.#clock.setTimeout(
      () => this.#serve(),
      Math.max(0, slot - this.#clock.now()),
    );
    this.#timer.unref();
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#timerAt = Infinity;
    if (this.#late !== null) clearImmediate(this.#late);
    this.#late = null;
  }

  #serve(): void {
    this.#disarm();
    const now = this.#clock.now();
    for (const [slot, members] of [...this.#slots].sort(([a], [b]) => a - b)) {
      if (slot > now) break;
      for (const member of members) {
        this.#remove(member);
        member.beat();
        if (this.#clock.now() - now < TURN_MS) continue;
        this.#late ??= setImmediate(() => this.#serve()).unref();
        return;
      }
    }
    const next = Math.min(...this.#slots.keys());
    if (next < this.#timerAt) this.#arm(next);
  }
}
