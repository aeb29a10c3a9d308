import type { Clock } from '@watchkeeper/core';
import { createManualClock, type ManualClock } from '@watchkeeper/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { Roster, type Member } from '../src/roster.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** One who is called every `every` milliseconds, up to `early` before his time. */
class Regular implements Member {
  readonly calls: number[] = [];
  readonly #clock: Clock;
  readonly #every: number;
  readonly #early: number;
  dueAt: number;
  isReferenced = true;

  constructor(clock: Clock, every: number, early = 0, dueAt: number = every) {
    this.#clock = clock;
    this.#every = every;
    this.#early = early;
    this.dueAt = dueAt;
  }

  get readyAt(): number {
    return this.dueAt - this.#early;
  }

  start(): void {
    this.calls.push(this.#clock.now());
    this.dueAt = this.#clock.now() + this.#every;
  }
}

describe('Roster', () => {
  let clock: ManualClock;
  beforeEach(() => {
    clock = createManualClock();
  });

  it('calls everybody at his time, with one timer', async () => {
    const roster = new Roster(clock);
    const members = [new Regular(clock, 100), new Regular(clock, 250)];
    for (const member of members) roster.heed(member);
    expect(clock.pending).toBe(1);
    await clock.advance(500);
    expect(members.map(({ calls }) => calls)).toEqual([
      [100, 200, 300, 400, 500],
      [250, 500],
    ]);
    expect(clock.pending).toBe(1);
  });

  it('brings together who runs at one pace but began at another time', async () => {
    const roster = new Roster(clock);
    const [first, second] = [new Regular(clock, 100, 20), new Regular(clock, 100, 20, 115)];
    roster.heed(first);
    roster.heed(second);
    await clock.advance(300);
    expect(second.calls).toEqual(first.calls);
  });

  it('heeds who is due sooner than was known, and never calls who has left', async () => {
    const roster = new Roster(clock);
    const [first, second] = [new Regular(clock, 1000), new Regular(clock, 1000)];
    roster.heed(first);
    roster.heed(second);
    first.dueAt = 10;
    roster.heed(first);
    roster.leave(second);
    await clock.advance(1010);
    expect(first.calls).toEqual([10, 1010]);
    expect(second.calls).toEqual([]);
  });

  it('sets no timer when nobody is to be called, and none for nobody', async () => {
    const roster = new Roster(clock);
    const member = new Regular(clock, NEVER, 0, 10);
    roster.heed(member);
    await clock.advance(10);
    expect(clock.pending).toBe(0);
    member.dueAt = 20;
    roster.heed(member);
    expect(clock.pending).toBe(1);
    roster.leave(member);
    expect(clock.pending).toBe(0);
  });

  it('keeps the process alive while it waits for anybody who does', async () => {
    let isReferenced = true;
    const observed: Clock = {
      ...clock,
      setTimeout: (fn, ms) => {
        isReferenced = true;
        const timer = clock.setTimeout(fn, ms);
        return {
          ...timer,
          ref: () => {
            isReferenced = true;
          },
          unref: () => {
            isReferenced = false;
          },
        };
      },
    };
    const roster = new Roster(observed);
    const [first, second] = [new Regular(observed, 100), new Regular(observed, 100)];
    second.isReferenced = false;
    roster.heed(first);
    roster.heed(second);
    expect(isReferenced).toBe(true);
    first.isReferenced = false;
    roster.heed(first);
    expect(isReferenced).toBe(false);
    await clock.advance(100);
    expect(isReferenced).toBe(false);
    second.isReferenced = true;
    roster.heed(second);
    expect(isReferenced).toBe(true);
    roster.leave(second);
    expect(isReferenced).toBe(false);
  });
});
