import { describe, expect, it } from 'vitest';

import type { Bar, Group, Measure, Role } from '../harness/group.ts';
import type { Row } from '../harness/results.ts';
import { growthOf, summarize, type Line } from '../harness/summary.ts';

const TIME: Measure = {
  key: 'time',
  label: 'time',
  unit: 'ms',
  p99: 'time.p99',
  limit: 'bare',
  growth: true,
};
const MEMORY: Measure = { key: 'memory', label: 'memory', unit: 'MB', above: 'nothing' };

function group(bars: readonly Bar[] = []): Group {
  const contestant = (name: string, role: Role) => ({ name, role, load: async () => null });
  return {
    name: 'example',
    title: 'An example.',
    sizeOf: 'things',
    sizes: [{ size: 10 }, { size: 100 }],
    contestants: [
      contestant('nothing', 'baseline'),
      contestant('bare', 'limit'),
      contestant('ours', 'ours'),
      contestant('theirs', 'peer'),
    ],
    measures: [TIME, MEMORY],
    bars,
    notes: [],
    deadlineMs: 1000,
    prepare: () => {},
    work: async () => async () => ({}),
  };
}

function rows(contestant: string, size: number, key: string, ...values: number[]): Row[] {
  return values.map((value, index) => ({
    size,
    round: index + 1,
    contestant,
    seconds: 1,
    figures: { [key]: value },
  }));
}

function lineOf(lines: readonly Line[], contestant: string, key: string): Line | undefined {
  return lines.find((line) => line.contestant.name === contestant && line.measure.key === key);
}

describe('summarize', () => {
  it('takes the median of the rounds and divides it by the limit’s', () => {
    const lines = summarize(group(), [
      ...rows('bare', 10, 'time', 2, 1, 3),
      ...rows('ours', 10, 'time', 9, 3, 2),
    ]);
    expect(lineOf(lines, 'ours', 'time')).toMatchObject({
      value: { median: 3, min: 2, max: 9 },
      ratio: 1.5,
    });
    expect(lineOf(lines, 'bare', 'time')?.ratio).toBe(1);
  });

  it('subtracts the baseline, except from itself', () => {
    const lines = summarize(group(), [
      ...rows('nothing', 10, 'memory', 41, 40, 42),
      ...rows('ours', 10, 'memory', 50, 52, 51),
    ]);
    expect(lineOf(lines, 'ours', 'memory')?.value).toEqual({ median: 10, min: 9, max: 11 });
    expect(lineOf(lines, 'nothing', 'memory')?.value?.median).toBe(41);
  });

  it('gives no figure above a baseline that was not run', () => {
    expect(summarize(group(), rows('ours', 10, 'memory', 50))).toEqual([]);
  });

  it('leaves the ratio open when the limit was not run', () => {
    const lines = summarize(group(), rows('ours', 10, 'time', 4));
    expect(lineOf(lines, 'ours', 'time')?.ratio).toBeNull();
  });

  it('has a line without a figure for who failed and has a bar to reach', () => {
    const bar = { contestant: 'ours', key: 'time', size: 10, atMost: 1 };
    const lines = summarize(
      group([bar]),
      ['ours', 'theirs'].map((contestant) => ({
        size: 10,
        round: 1,
        contestant,
        seconds: 1,
        failed: 'ENOSPC: out of watches',
      })),
    );
    expect(lines).toHaveLength(1);
    expect(lineOf(lines, 'ours', 'time')).toMatchObject({
      value: null,
      verdicts: [{ bar, reached: null, met: false }],
    });
  });

  it('orders by measure, size and contestant', () => {
    const lines = summarize(group(), [
      ...rows('theirs', 100, 'time', 1),
      ...rows('ours', 100, 'time', 1),
      ...rows('theirs', 10, 'time', 1),
    ]);
    expect(lines.map(({ size, contestant }) => [size, contestant.name])).toEqual([
      [10, 'theirs'],
      [100, 'ours'],
      [100, 'theirs'],
    ]);
  });
});

describe('bars', () => {
  const base = { contestant: 'ours', key: 'time', size: 10 };
  const measured = [
    ...rows('bare', 10, 'time', 2),
    ...rows('theirs', 10, 'time', 12),
    ...rows('ours', 10, 'time', 3),
    ...rows('ours', 10, 'time.p99', 8),
  ];

  it.each([
    { name: 'a figure', bar: { ...base, atMost: 3 }, reached: 3, met: true },
    { name: 'a lower figure', bar: { ...base, atMost: 2.9 }, reached: 3, met: false },
    {
      name: 'a multiple of the limit',
      bar: { ...base, atMost: 1.5, times: 'bare' },
      reached: 1.5,
      met: true,
    },
    {
      name: 'a share of a peer',
      bar: { ...base, atMost: 0.2, times: 'theirs' },
      reached: 0.25,
      met: false,
    },
    {
      name: 'the 99th percentile',
      bar: { ...base, key: 'time.p99', atMost: 5 },
      reached: 8,
      met: false,
    },
    {
      name: 'who did not run',
      bar: { ...base, atMost: 9, times: 'nothing' },
      reached: null,
      met: false,
    },
  ])('compare with $name', ({ bar, reached, met }) => {
    const lines = summarize(group([bar]), measured);
    expect(lineOf(lines, 'ours', 'time')?.verdicts).toEqual([{ bar, reached, met }]);
  });

  it('hold for their size only', () => {
    const lines = summarize(group([{ ...base, size: 100, atMost: 1 }]), measured);
    expect(lineOf(lines, 'ours', 'time')?.verdicts).toEqual([]);
  });
});

describe('growthOf', () => {
  it('fits the medians of all sizes, for measures that say so', () => {
    const measured = [
      ...rows('ours', 10, 'time', 1),
      ...rows('ours', 100, 'time', 9, 10, 11),
      ...rows('ours', 10, 'memory', 1),
      ...rows('ours', 100, 'memory', 1),
      ...rows('theirs', 10, 'time', 1),
    ];
    const growth = growthOf(group(), measured);
    expect(growth).toHaveLength(1);
    expect(growth[0]).toMatchObject({ contestant: 'ours', measure: TIME });
    expect(growth[0]?.exponent).toBeCloseTo(1, 10);
  });
});
