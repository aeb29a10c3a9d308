import { createManualClock } from '@watchkeeper/core/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Batcher, BATCH_BYTES } from '../src/batcher.ts';

describe('Batcher', () => {
  it.each([
    [0, 0],
    [0, 500],
    [100, 0],
  ])('is due at once with %d and %d ms', (debounceMs, maxWaitMs) => {
    const clock = createManualClock();
    const batcher = new Batcher<number>(clock, { debounceMs, maxWaitMs }, () => undefined);
    expect(batcher.settle()).toBe(false);
    batcher.add(1, 10);
    expect(batcher.settle()).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('is due at once when it is large', () => {
    const batcher = new Batcher<number>(
      createManualClock(),
      { debounceMs: 100, maxWaitMs: 500 },
      () => undefined,
    );
    batcher.add(1, BATCH_BYTES);
    expect(batcher.settle()).toBe(true);
    batcher.take();
    batcher.add(1, BATCH_BYTES - 1);
    expect(batcher.settle()).toBe(false);
  });

  it('does not count a read that added nothing as activity', async () => {
    const clock = createManualClock();
    const due: number[] = [];
    const batcher = new Batcher<number>(clock, { debounceMs: 100, maxWaitMs: 500 }, () =>
      due.push(clock.now()),
    );
    batcher.add(1, 1);
    batcher.settle();
    await clock.advance(90);
    expect(batcher.settle()).toBe(false);
    await clock.advance(10);
    expect(due).toEqual([100]);
  });

  it('is due 100 ms after the last arrival or 500 ms after the first, for any arrivals', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 160 }), { maxLength: 40 }),
        async (gaps) => {
          const clock = createManualClock();
          const delivered: { readonly at: number; readonly items: readonly number[] }[] = [];
          const batcher = new Batcher<number>(clock, { debounceMs: 100, maxWaitMs: 500 }, () => {
            delivered.push({ at: clock.now(), items: batcher.take() });
          });
          const arrivals: number[] = [];
          for (const gap of gaps) {
            await clock.advance(gap);
            arrivals.push(clock.now());
            batcher.add(clock.now(), 1);
            batcher.settle();
          }
          await clock.advance(1000);
          expect(delivered.flatMap((batch) => batch.items)).toEqual(arrivals);
          for (const { at, items } of delivered) {
            expect(items.length).toBeGreaterThan(0);
            expect(at).toBe(Math.min(items.at(-1)! + 100, items[0]! + 500));
          }
          expect(clock.pending).toBe(0);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('gives up its timer when it is taken or cancelled', () => {
    const clock = createManualClock();
    const batcher = new Batcher<number>(
      clock,
      { debounceMs: 100, maxWaitMs: 500 },
      () => undefined,
    );
    batcher.add(1, 1);
    batcher.settle();
    expect(clock.pending).toBe(1);
    batcher.cancel();
    expect(clock.pending).toBe(0);
    expect(batcher.take()).toEqual([1]);
    expect(batcher.empty).toBe(true);
  });
});
