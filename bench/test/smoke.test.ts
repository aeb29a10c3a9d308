import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readResults } from '../harness/results.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');

/** Whole processes that measure: on a loaded machine they take their time. */
const PATIENCE_MS = 60_000;

function bench(...args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    encoding: 'utf8',
  });
}

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'bench-smoke-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

describe('the bench', () => {
  it(
    'measures a group in processes of its own and writes both results',
    () => {
      const only = ['fs.watch callback', 'core on fs', 'tail'].flatMap((name) => ['--only', name]);
      const how = ['--source', '--quick', '--size', '1', '--rounds', '1', '--directory', out];
      const run = bench('latency', ...how, ...only, '--out', out);
      expect(run.stderr).toContain('latency, 1: round 1 of 1');
      expect(run.status).toBe(0);
      const result = readResults(join(out, 'results.json'))['latency'];
      expect(result).toMatchObject({ quick: true, measured: 'source', rounds: 1 });
      expect(result?.rows.map(({ contestant }) => contestant)).toEqual([
        'fs.watch callback',
        'core on fs',
        'tail',
      ]);
      expect(result?.rows.map(({ figures }) => figures?.['lost'])).toEqual([0, 0, 0]);
      const page = readFileSync(join(out, 'results.md'), 'utf8');
      expect(page).toMatch(/^\| append to callback \| +1 \| \*\*core on fs\*\* +\| +[\d.]+ ms /m);
      expect(run.stdout).toContain('## latency');
    },
    PATIENCE_MS,
  );

  it('refuses a group that it does not have, and lists those it has', () => {
    const run = bench('lattency');
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('unknown group lattency; there are latency, many-files');
  });

  it('explains itself', () => {
    const run = bench('--help');
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/^Usage: pnpm bench/);
    expect(existsSync(join(out, 'results.json'))).toBe(false);
  });
});
