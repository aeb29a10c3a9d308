import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  formatResults,
  readResults,
  writeResults,
  type GroupResult,
  type Results,
} from '../harness/results.ts';

const EXAMPLE: GroupResult = {
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
  versions: {},
  rows: [
    { size: 1, round: 1, contestant: 'bare', seconds: 1, figures: { p50: 2 } },
    { size: 1, round: 1, contestant: 'ours', seconds: 1, failed: 'why' },
  ],
};

const RESULTS: Results = { example: EXAMPLE };

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bench-results-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('results', () => {
  it('come back as they were written', () => {
    const file = join(directory, 'results.json');
    const two: Results = { ...RESULTS, other: { ...EXAMPLE, rows: [] } };
    writeResults(file, two);
    expect(readResults(file)).toEqual(two);
  });

  it('are empty where there is no file yet', () => {
    expect(readResults(join(directory, 'none.json'))).toEqual({});
  });

  it('have one row a line', () => {
    const lines = formatResults(RESULTS).split('\n');
    expect(lines.filter((line) => line.includes('"contestant"'))).toHaveLength(2);
  });
});
