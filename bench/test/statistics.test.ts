import { describe, expect, it } from 'vitest';

import { growthExponent, median, percentile, spread } from '../harness/statistics.ts';

describe('median', () => {
  it.each([
    { values: [3], expected: 3 },
    { values: [9, 1, 5], expected: 5 },
    { values: [4, 1, 2, 3], expected: 2.5 },
    { values: [10, 9, 100], expected: 10 },
  ])('of $values is $expected', ({ values, expected }) => {
    expect(median(values)).toBe(expected);
  });

  it('leaves the values in their order', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('refuses to describe nothing', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    { share: 0, expected: 1 },
    { share: 0.5, expected: 50 },
    { share: 0.99, expected: 99 },
    { share: 1, expected: 100 },
  ])('at $share of 1 to 100 is $expected', ({ share, expected }) => {
    expect(percentile(hundred, share)).toBe(expected);
  });

  it('is always a value that occurred', () => {
    expect(percentile([1, 1000], 0.5)).toBe(1);
    expect(percentile([1, 1000], 0.51)).toBe(1000);
  });
});

describe('spread', () => {
  it('has the median and the extremes', () => {
    expect(spread([5, 1, 9, 2])).toEqual({ median: 3.5, min: 1, max: 9 });
  });
});

describe('growthExponent', () => {
  const sizes = [10, 100, 1000];

  it.each([
    { name: 'a constant', cost: () => 7, expected: 0 },
    { name: 'a line', cost: (size: number) => 3 * size, expected: 1 },
    { name: 'a square', cost: (size: number) => size ** 2 / 5, expected: 2 },
    { name: 'a root', cost: (size: number) => Math.sqrt(size), expected: 0.5 },
  ])('of $name is $expected', ({ cost, expected }) => {
    const points = sizes.map((size) => ({ size, cost: cost(size) }));
    expect(growthExponent(points)).toBeCloseTo(expected, 10);
  });

  it('needs two sizes with a cost', () => {
    expect(growthExponent([{ size: 10, cost: 5 }])).toBeNull();
    expect(
      growthExponent([
        { size: 10, cost: 0 },
        { size: 20, cost: 4 },
      ]),
    ).toBeNull();
    expect(
      growthExponent([
        { size: 10, cost: 3 },
        { size: 10, cost: 4 },
      ]),
    ).toBeNull();
  });
});
