import { describe, expect, it } from 'vitest';
import { HOT_LOOKS, WARM_LOOKS, intervals, laneAfterUnchanged } from '../src/cadence.ts';

const pace = { intervalMs: 1000, maxIntervalMs: 4000, budget: 0.02 };
const load = (
  hot: number,
  warm: number,
  cold: number,
  lookCostMs = 0.004,
): Parameters<typeof intervals>[1] => ({
  counts: { hot, warm, cold },
  lookCostMs,
});

describe('intervals', () => {
  it.each([
    ['few entries are looked at as asked', load(3, 20, 100), { hot: 250, warm: 1000, cold: 1000 }],
    ['many cold ones less often', load(0, 0, 5000), { hot: 250, warm: 1000, cold: 4000 }],
    ['no lane beyond the ceiling', load(1e6, 1e6, 1e6), { hot: 4000, warm: 4000, cold: 4000 }],
    ['a busy directory slows itself', load(1000, 1, 1), { hot: 400, warm: 1000, cold: 1000 }],
  ])('%s', (_, given, expected) => {
    expect(intervals(pace, given)).toEqual(expected);
  });

  it('keeps the cost within the budget while the ceiling allows it', () => {
    for (const [hot, warm, cold] of [
      [10, 5000, 0],
      [400, 4000, 4000],
      [50, 9000, 1000],
    ] as const) {
      const given = load(hot, warm, cold);
      const lanes = intervals(pace, given);
      const share = 0.004 * (hot / lanes.hot + warm / lanes.warm + cold / lanes.cold);
      expect(share).toBeLessThanOrEqual(pace.budget * 1.0001);
    }
  });

  it('raises a ceiling that is below the interval', () => {
    expect(intervals({ ...pace, maxIntervalMs: 100 }, load(1, 1, 1)).warm).toBe(1000);
  });
});

describe('laneAfterUnchanged', () => {
  it.each([
    ['hot', HOT_LOOKS - 1, 'hot'],
    ['hot', HOT_LOOKS, 'warm'],
    ['warm', WARM_LOOKS - 1, 'warm'],
    ['warm', WARM_LOOKS, 'cold'],
    ['cold', 1000, 'cold'],
  ] as const)('%s after %i unchanged looks is %s', (lane, looks, expected) => {
    expect(laneAfterUnchanged(lane, looks)).toBe(expected);
  });
});
