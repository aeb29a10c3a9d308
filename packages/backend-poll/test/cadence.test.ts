import { describe, expect, it } from 'vitest';
import {
  HARD_SHARE,
  HOT_INTERVALS,
  LANES,
  WARM_INTERVALS,
  plan,
  stayAfter,
  stayFor,
  type LaneCosts,
  type Plan,
} from '../src/cadence.ts';

const pace = { intervalMs: 1000, maxIntervalMs: 4000, budget: 0.02 };
const costs = (hot: number, warm: number, cold: number, lookMs = 0.004): LaneCosts => ({
  hot: hot * lookMs,
  warm: warm * lookMs,
  cold: cold * lookMs,
});
const shareOf = ({ intervals }: Plan, given: LaneCosts): number =>
  LANES.reduce((sum, lane) => sum + given[lane] / intervals[lane], 0);

describe('plan', () => {
  it.each([
    ['few entries are looked at as asked', costs(3, 20, 100), [250, 1000, 1000]],
    ['many cold ones less often', costs(0, 0, 5000), [250, 1000, 4000]],
    ['a busy directory slows itself', costs(1000, 1, 1), [400, 1000, 1000]],
    ['no lane beyond the ceiling', costs(10_000, 10_000, 10_000), [4000, 4000, 4000]],
  ] as const)('%s', (_, given, [hot, warm, cold]) => {
    const { intervals } = plan(pace, given);
    expect(intervals.hot).toBeCloseTo(hot, 6);
    expect(intervals.warm).toBeCloseTo(warm, 6);
    expect(intervals.cold).toBeCloseTo(cold, 6);
  });

  it.each([
    ['few', costs(10, 5000, 0)],
    ['a busy directory', costs(400, 4000, 4000)],
    ['many', costs(50, 9000, 1000)],
    ['nearly all there may be', costs(100, 100, 19_000)],
    ['a storm in a large tree', costs(10_000, 50, 9000)],
  ])('keeps within the budget with %s', (_, given) => {
    const planned = plan(pace, given);
    expect(planned.share).toBeCloseTo(shareOf(planned, given), 9);
    expect(planned.share).toBeLessThanOrEqual(pace.budget * 1.0001);
  });

  it('overdraws the budget rather than the longest interval, up to the hard share', () => {
    const given = costs(0, 0, 90_000);
    expect(plan(pace, given)).toMatchObject({ intervals: { cold: 4000 }, share: 0.09 });
  });

  it('stretches the longest interval where it would take more than the hard share', () => {
    const given = costs(1000, 1000, 1_000_000);
    const planned = plan(pace, given);
    expect(planned.share).toBeCloseTo(HARD_SHARE, 9);
    expect(shareOf(planned, given)).toBeCloseTo(HARD_SHARE, 9);
    expect(planned.intervals.cold).toBeGreaterThan(40_000);
  });

  it('takes a budget above the hard share at its word', () => {
    const given = costs(0, 0, 400_000);
    expect(plan({ ...pace, budget: 0.5 }, given)).toMatchObject({
      intervals: { cold: 4000 },
      share: 0.4,
    });
  });

  it('raises a ceiling that is below the interval', () => {
    expect(plan({ ...pace, maxIntervalMs: 100 }, costs(1, 1, 1)).intervals.warm).toBe(1000);
  });
});

describe('stayFor', () => {
  const hotMs = HOT_INTERVALS * 1000;
  const warmMs = hotMs + WARM_INTERVALS * 1000;
  const never = Number.POSITIVE_INFINITY;
  it.each([
    ['just now', 0, 'hot', hotMs],
    ['in the future', -99_999, 'hot', hotMs],
    ['a moment ago', 1000, 'hot', hotMs - 1000],
    ['a while ago', hotMs, 'warm', warmMs - hotMs],
    ['long ago', warmMs, 'cold', never],
    ['at no time', never, 'cold', never],
  ] as const)('schedules what changed %s', (_, ageMs, lane, until) => {
    expect(stayFor(1000, ageMs, 0)).toEqual({ lane, until });
  });
});

describe('stayAfter', () => {
  it('cools hot to warm and warm to cold', () => {
    expect(stayAfter('hot', 1000, 7)).toEqual({ lane: 'warm', until: 7 + WARM_INTERVALS * 1000 });
    expect(stayAfter('warm', 1000, 7)).toMatchObject({ lane: 'cold' });
    expect(stayAfter('cold', 1000, 7)).toMatchObject({ lane: 'cold' });
  });
});
