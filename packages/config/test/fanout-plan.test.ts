import { describe, expect, test } from 'vitest';
import { resolveFanout } from '../src/fanout.ts';
import { idHash, offsetFor, retryDelay, windowFor } from '../src/fanout-plan.ts';

const fanout = resolveFanout({ seed: 1 }, () => 0.5);

describe('the window', () => {
  test.each([
    [0, 0],
    [8, 0],
    [9, 90],
    [50, 500],
    [100, 1000],
    [10_000, 1000],
  ])('for %i sessions is %i ms', (sessions, expected) => {
    expect(windowFor(sessions, fanout)).toBe(expected);
  });
});

describe('the offset', () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => idHash(`session-${index}`));

  test('lies in the window and fills it evenly', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const id of ids) {
      const offset = offsetFor(id, 2, 1000, fanout);
      expect(offset).toSatisfy((at: number) => at >= 0 && at < 1000);
      tenths[Math.floor(offset / 100)]! += 1;
    }
    // A uniform 10,000 has 1000 per tenth with a deviation of 30.
    for (const tenth of tenths) expect(Math.abs(tenth - 1000)).toBeLessThan(150);
  });

  test('differs between generations, so that nobody is always last', () => {
    const late = (generation: number): Set<number> =>
      new Set(ids.filter((id) => offsetFor(id, generation, 1000, fanout) >= 900));
    const later = late(3);
    const both = [...late(2)].filter((id) => later.has(id));
    expect(both.length).toBeLessThan(200);
  });

  test('is the same for the same seed', () => {
    const again = resolveFanout({ seed: 1 }, () => 0.9);
    expect(ids.map((id) => offsetFor(id, 5, 1000, again))).toEqual(
      ids.map((id) => offsetFor(id, 5, 1000, fanout)),
    );
  });
});

test.each([
  [1, 0, 250],
  [1, 1, 500],
  [2, 1, 1000],
  [3, 1, 2000],
  [20, 1, 30_000],
])('the pause before retry %i at chance %d is %i ms', (attempt, chance, expected) => {
  expect(retryDelay(attempt, chance, fanout.retry)).toBe(expected);
});
