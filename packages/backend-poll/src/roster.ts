import type { Clock, Timer } from '@watchkeeper/core';

/** One who is to be called when his time has come. All times are of one monotonic clock, in milliseconds. */
export interface Member {
  /** When he must be called; infinite while he is not to be. */
  readonly dueAt: number;
  /** From when on he may be called, if others are called anyway. */
  readonly readyAt: number;
  /** Whether waiting for him keeps the process alive. */
  readonly isReferenced: boolean;
  /** Calls him; he is due at another time then. */
  start(): void;
}

/**
 * Calls the subscriptions of a backend, with one timer for all of them. Who is nearly due is called along
 * with who is, so that subscriptions of one interval come to be called at one time.
 */
export class Roster {
  readonly #clock: Clock;
  /** Everybody, and whether he was referenced when last heard of. */
  readonly #members = new Map<Member, boolean>();
  #references = 0;
  #timer: Timer | null = null;
  #timerAt: number = Number.POSITIVE_INFINITY;
  #isCalling = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes in a new member, or that an old one is due at another time or referenced otherwise. */
  heed(member: Member): void {
    const { isReferenced } = member;
    const before = this.#members.get(member);
    if (before !== isReferenced) {
      this.#members.set(member, isReferenced);
      this.#refer(Number(isReferenced) - Number(before ?? false));
    }
    if (!this.#isCalling && member.dueAt < this.#timerAt) this.#wakeAt(member.dueAt);
  }

  leave(member: Member): void {
    const wasReferenced = this.#members.get(member);
    if (wasReferenced === undefined) return;
    this.#members.delete(member);
    this.#refer(-Number(wasReferenced));
    if (this.#members.size === 0) this.#wakeAt(Number.POSITIVE_INFINITY);
  }

  #refer(more: number): void {
    const was = this.#references > 0;
    this.#references += more;
    const is = this.#references > 0;
    if (was === is) return;
    if (is) this.#timer?.ref();
    else this.#timer?.unref();
  }

  #wakeAt(at: number): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#timerAt = at;
    if (at === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#clock.setTimeout(() => this.#call(), Math.max(1, at - this.#clock.now()));
    if (this.#references === 0) this.#timer.unref();
  }

  #call(): void {
    const now = this.#clock.now();
    this.#isCalling = true;
    for (const member of this.#members.keys()) if (member.readyAt <= now) member.start();
    this.#isCalling = false;
    let next = Number.POSITIVE_INFINITY;
    for (const { dueAt } of this.#members.keys()) next = Math.min(next, dueAt);
    this.#wakeAt(next);
  }
}
