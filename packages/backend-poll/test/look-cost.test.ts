import { describe, expect, it } from 'vitest';
import { ASYNC_LOOK_MS, LookCost, NEWEST_WEIGHT, SYNC_LOOK_MS } from '../src/look-cost.ts';

describe('LookCost', () => {
  it('begins with a guess and moves towards what is measured', () => {
    const cost = new LookCost(true);
    expect(cost.milliseconds).toBe(SYNC_LOOK_MS);
    cost.note(100, 1);
    expect(cost.milliseconds).toBeCloseTo(SYNC_LOOK_MS + NEWEST_WEIGHT * (0.01 - SYNC_LOOK_MS));
    for (let sweep = 0; sweep < 50; sweep += 1) cost.note(100, 1);
    expect(cost.milliseconds).toBeCloseTo(0.01, 4);
  });

  it('learns nothing from an empty slice or a clock that stands still', () => {
    const cost = new LookCost(true);
    cost.note(0, 5);
    cost.note(10, 0);
    expect(cost.milliseconds).toBe(SYNC_LOOK_MS);
  });

  it('does not take waiting for a server for work', () => {
    const cost = new LookCost(false);
    cost.note(10, 5000);
    expect(cost.milliseconds).toBe(ASYNC_LOOK_MS);
  });
});
