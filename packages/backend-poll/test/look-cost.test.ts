import { describe, expect, it } from 'vitest';
import {
  ASYNC_LOOK_MS,
  AsyncLookCost,
  GUESSED_LOOKS,
  HALF_LIFE_MS,
  LOOKS_TO_COMPARE,
  SWEEPS_COMPARED,
  SYNC_LOOK_MS,
  SyncLookCost,
} from '../src/look-cost.ts';

describe('SyncLookCost', () => {
  it('begins with a guess, which counts as much as its looks', () => {
    const cost = new SyncLookCost();
    expect(cost.milliseconds).toBe(SYNC_LOOK_MS);
    cost.note(GUESSED_LOOKS, GUESSED_LOOKS * 0.01, 0);
    expect(cost.milliseconds).toBeCloseTo((SYNC_LOOK_MS + 0.01) / 2);
  });

  it('weighs sweeps by their looks, so that many small ones do not hide a large one', () => {
    const cost = new SyncLookCost();
    cost.note(10_000, 30, 0);
    for (let sweep = 0; sweep < 16; sweep += 1) cost.note(2, 0.2, 250 * sweep);
    expect(cost.milliseconds).toBeLessThan(0.0035);
  });

  it('forgets: after a half-life an old look counts half of a new one', () => {
    const cost = new SyncLookCost();
    cost.note(1_000_000, 2000, 0);
    cost.note(500_000, 4000, HALF_LIFE_MS);
    expect(cost.milliseconds).toBeCloseTo(0.005, 4);
  });

  it('learns nothing from an empty slice or a meter that stands still', () => {
    const cost = new SyncLookCost();
    cost.note(0, 5, 0);
    cost.note(10, 0, 0);
    expect(cost.milliseconds).toBe(SYNC_LOOK_MS);
  });
});

describe('AsyncLookCost', () => {
  it('takes the cheapest sweep for the truth, because others only add to it', () => {
    const cost = new AsyncLookCost();
    cost.note(100, 1);
    cost.note(100, 500);
    expect(cost.milliseconds).toBe(0.01);
  });

  it('follows a place that has become dearer', () => {
    const cost = new AsyncLookCost();
    expect(cost.milliseconds).toBe(ASYNC_LOOK_MS);
    for (let sweep = 0; sweep < SWEEPS_COMPARED; sweep += 1) cost.note(100, 10);
    expect(cost.milliseconds).toBe(0.1);
  });

  it('learns nothing from a handful of looks', () => {
    const cost = new AsyncLookCost();
    cost.note(LOOKS_TO_COMPARE - 1, 0.001);
    expect(cost.milliseconds).toBe(ASYNC_LOOK_MS);
  });
});
