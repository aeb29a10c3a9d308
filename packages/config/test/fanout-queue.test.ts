import type { Clock } from '@watchkeeper/core';
import { createManualClock } from '@watchkeeper/core/testing';
import { describe, expect, test } from 'vitest';
import { resolveFanout } from '../src/fanout.ts';
import type { FanoutOptions } from '../src/fanout.ts';
import { FanoutQueue } from '../src/fanout-queue.ts';
import type { Receiver } from '../src/fanout-queue.ts';
import { idHash } from '../src/fanout-plan.ts';
import { TimerSet } from '../src/timer-set.ts';

interface Turn {
  readonly at: number;
  /** Which callback of a timer it ran in. */
  readonly slice: number;
}

function bench(options: FanoutOptions, costMs: number, busyMs?: number) {
  const manual = createManualClock();
  let spent = 0;
  let slice = 0;
  const clock: Clock = {
    wallNow: () => manual.wallNow(),
    now: () => manual.now() + spent,
    setTimeout: (fn, ms) =>
      manual.setTimeout(() => {
        slice++;
        fn();
      }, ms),
  };
  const turns: Turn[] = [];
  let idles = 0;
  const queue = new FanoutQueue({
    fanout: resolveFanout({ seed: 1, ...options }, () => 0),
    clock,
    timers: new TimerSet(clock),
    onIdle: () => idles++,
  });
  const receivers: Receiver[] = Array.from({ length: 1000 }, (_, index) => ({
    hash: idHash(`r${index}`),
    scheduled: false,
    wants: true,
    deliver(): Promise<void> | undefined {
      spent += costMs;
      turns.push({ at: manual.now(), slice });
      if (busyMs === undefined) return undefined;
      return new Promise((resolve) => void manual.setTimeout(resolve, busyMs));
    },
  }));
  return { manual, queue, receivers, turns, idles: () => idles };
}

describe('the queue', () => {
  test.each([
    [0.01, 501],
    [1, 5],
    [2, 3],
    [20, 1],
  ])('ends a slice in time when a turn costs %d ms', async (costMs, most) => {
    const { idles, manual, queue, receivers, turns } = bench({ windowMs: 0 }, costMs);
    queue.spread(receivers, receivers.length, 1);
    await manual.advance(10_000);
    expect(turns).toHaveLength(1000);
    const slices = Map.groupBy(turns, ({ slice }) => slice);
    expect(Math.max(...[...slices.values()].map((row) => row.length))).toBeLessThanOrEqual(most);
    expect(queue.idle).toBe(true);
    expect(idles()).toBe(1);
  });

  test('never has more turns under way than the limit', async () => {
    const { manual, queue, receivers, turns } = bench({ windowMs: 0, concurrency: 3 }, 0, 100);
    queue.spread(receivers, receivers.length, 1);
    await manual.advance(990);
    expect(turns.length).toBeGreaterThan(20);
    expect(turns.length).toBeLessThanOrEqual(30);
    const starts = Map.groupBy(turns, ({ at }) => Math.floor(at / 100));
    expect(Math.max(...[...starts.values()].map((row) => row.length))).toBeLessThanOrEqual(3);
  });

  test('gives a receiver that waits one turn, however many generations come', async () => {
    const { manual, queue, receivers, turns } = bench({ windowMs: 1000 }, 0);
    queue.spread(receivers, receivers.length, 1);
    await manual.advance(0);
    const waiting = receivers.filter(({ scheduled }) => scheduled).length;
    expect(waiting).toBeGreaterThan(900);
    queue.enqueue(receivers[0]!);
    queue.spread([], 0, 2);
    await manual.advance(2000);
    expect(turns).toHaveLength(1000);
  });

  test('asks only those who want a turn', async () => {
    const { manual, queue, receivers, turns } = bench({ windowMs: 0 }, 0);
    const some = receivers.map((receiver, index) =>
      Object.defineProperty(receiver, 'wants', { value: index % 4 === 0 }),
    );
    queue.spread(some, some.length, 1);
    await manual.advance(100);
    expect(turns).toHaveLength(250);
  });
});
