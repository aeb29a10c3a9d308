import { describe, expect, it } from 'vitest';
import { SyncLookCost, SYNC_LOOK_MS } from '../src/look-cost.ts';
import { SweepPrices } from '../src/sweep-prices.ts';

const one = { hot: 1, warm: 1, cold: 1 };

describe('SweepPrices', () => {
  it('take a guess before anything was measured', () => {
    const prices = new SweepPrices(() => new SyncLookCost());
    expect(prices.costsOf({ hot: 1, warm: 0, cold: 2 })).toEqual({
      hot: SYNC_LOOK_MS,
      warm: 0,
      cold: 2 * SYNC_LOOK_MS,
    });
  });

  it('do not take what dear looks at a few changing entries cost for the price of all', () => {
    const prices = new SweepPrices(() => new SyncLookCost());
    for (let count = 0; count < 16; count += 1) {
      prices.note({ hot: 100, warm: 0, cold: 0 }, 3, count);
    }
    expect(prices.costsOf(one).hot).toBeGreaterThan(0.025);
    expect(prices.costsOf(one).cold).toBeCloseTo(SYNC_LOOK_MS, 6);
  });

  it('split what reads in several lanes took in the ratio known so far', () => {
    const prices = new SweepPrices(() => new SyncLookCost());
    for (let count = 0; count < 100; count += 1) {
      prices.note({ hot: 1000, warm: 0, cold: 0 }, 12, count);
      prices.note({ hot: 500, warm: 0, cold: 1500 }, 6 + 4.5, count);
    }
    expect(prices.costsOf(one).hot).toBeCloseTo(0.012, 3);
    expect(prices.costsOf(one).cold).toBeCloseTo(0.003, 3);
  });

  it('learn nothing from a slice without reads', () => {
    const prices = new SweepPrices(() => new SyncLookCost());
    prices.note({ hot: 0, warm: 0, cold: 0 }, 5, 0);
    expect(prices.costsOf(one).warm).toBeCloseTo(SYNC_LOOK_MS, 6);
  });
});
