import { describe, expect, it } from 'vitest';

import { pick, seededRandom } from '../harness/random.ts';

describe('seededRandom', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    const draw = (seed: number): number[] => Array.from({ length: 20 }, seededRandom(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('spreads evenly from 0 to 1', () => {
    const random = seededRandom(42);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 10_000; draw += 1) {
      const tenth = Math.floor(random() * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    expect(counts).toHaveLength(10);
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe('pick', () => {
  const items = Array.from({ length: 50 }, (_, index) => index);

  it('picks different items and leaves the list as it is', () => {
    const picked = pick(items, 20, seededRandom(3));
    expect(new Set(picked).size).toBe(20);
    expect(items[0]).toBe(0);
    expect(picked).not.toEqual(items.slice(0, 20));
  });

  it('picks all when there are fewer than wanted', () => {
    expect(pick(items, 80, seededRandom(3)).sort((a, b) => a - b)).toEqual(items);
  });
});
