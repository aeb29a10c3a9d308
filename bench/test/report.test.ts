import { describe, expect, it } from 'vitest';

import type { Group } from '../harness/group.ts';
import { markdownTable } from '../harness/markdown.ts';
import { describeGroup, describeResults, formatNumber } from '../harness/report.ts';
import type { GroupResult } from '../harness/results.ts';

const GROUP: Group = {
  name: 'example',
  title: 'An example.',
  sizeOf: 'things',
  sizes: [{ size: 1000 }],
  contestants: [
    { name: 'bare', role: 'limit', load: async () => null },
    { name: 'ours', role: 'ours', load: async () => null },
    { name: 'theirs', role: 'peer', load: async () => null },
  ],
  measures: [
    { key: 'p50', label: 'call', unit: 'ms', p99: 'p99', limit: 'bare' },
    { key: 'lost', label: 'never told', unit: 'lost' },
  ],
  bars: [
    { contestant: 'ours', key: 'p50', size: 1000, atMost: 1.5, times: 'bare' },
    { contestant: 'ours', key: 'p99', size: 1000, atMost: 5 },
  ],
  notes: ['Calls are counted once.'],
  deadlineMs: 1000,
  prepare: () => {},
  work: async () => async () => ({}),
};

const RESULT: GroupResult = {
  date: '2026-02-03T04:05:06.000Z',
  rounds: 5,
  seed: 1,
  quick: false,
  measured: 'dist',
  seconds: 12,
  machine: {
    cpu: 'Example CPU',
    cores: 4,
    memoryGb: 8,
    kernel: 'Linux 6.1',
    fileSystem: 'ext4',
    node: 'v24.21.0',
    revision: 'abc1234',
  },
  versions: { chokidar: '6.0.0' },
  rows: [
    { size: 1000, round: 1, contestant: 'bare', seconds: 1, figures: { p50: 2, p99: 3, lost: 0 } },
    { size: 1000, round: 1, contestant: 'ours', seconds: 1, figures: { p50: 5, p99: 4, lost: 0 } },
    { size: 1000, round: 1, contestant: 'theirs', seconds: 1, failed: 'ENOSPC: no watches\n at x' },
  ],
};

/** The cells of the table's row that begins with these. */
function rowOf(page: string, ...first: readonly string[]): string[] | undefined {
  return page
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .find((cells) => first.every((text, index) => cells[index + 1] === text))
    ?.slice(1, -1);
}

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [0.00012, '0'],
    [0.1374, '0.137'],
    [1.5, '1.50'],
    [-0.25, '-0.250'],
    [12.345, '12.3'],
    [1234.5, '1,235'],
  ])('writes %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('markdownTable', () => {
  it('lines the columns up and keeps cells in one piece', () => {
    const columns = [
      { title: 'name', align: 'left' },
      { title: 'n', align: 'right' },
    ] as const;
    expect(
      markdownTable(columns, [
        ['a|b', '1'],
        ['long name', '100'],
      ]),
    ).toBe(
      [
        '| name      |   n |',
        '| --------- | --: |',
        '| a\\|b      |   1 |',
        '| long name | 100 |',
      ].join('\n'),
    );
  });
});

describe('describeGroup', () => {
  const page = describeGroup(GROUP, RESULT);

  it('says on what machine, when and against which versions', () => {
    expect(page).toContain('2026-02-03; 5 interleaved rounds, seed 1, 12.0 s; revision abc1234');
    expect(page).toContain('Example CPU, 4 cores, 8 GiB; Linux 6.1; ext4; Node 24.21.0');
    expect(page).toContain('chokidar 6.0.0');
  });

  it('writes each bar down, met or not, with what was reached', () => {
    expect(rowOf(page, 'call', '1,000', '**ours**')).toEqual([
      'call',
      '1,000',
      '**ours**',
      '5.00 ms',
      '4.00 ms',
      '',
      '2.50 x',
      '≤ 1.5 x bare; p99 ≤ 5 ms',
      '**no** (2.50 x); yes (4.00 ms)',
    ]);
  });

  it('names who failed, with the first line of the reason', () => {
    expect(rowOf(page, 'call', '1,000', 'theirs')).toBeUndefined();
    const reasons = page.split('\n').filter((line) => line.includes('failed'));
    expect(reasons).toEqual(['- **theirs failed** at size 1000, round 1: ENOSPC: no watches']);
  });

  it('is silent about losses that did not happen', () => {
    expect(rowOf(page, 'never told', '1,000', '**ours**')).toBeUndefined();
  });

  it('marks figures that are only a look', () => {
    const look = describeGroup(GROUP, { ...RESULT, quick: true, measured: 'source' });
    expect(look).toContain(', quick; revision abc1234 (sources, not built)');
  });
});

describe('describeResults', () => {
  it('has one section per group, and ends with a newline', () => {
    const page = describeResults([
      { group: GROUP, result: RESULT },
      { group: { ...GROUP, name: 'other' }, result: RESULT },
    ]);
    expect(page.match(/^## .*$/gm)).toEqual(['## example', '## other']);
    expect(page.endsWith('\n')).toBe(true);
  });
});
