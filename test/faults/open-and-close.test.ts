import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BACKENDS } from './support/backends.ts';
import { runFixture } from './support/fixture-run.ts';
import { makeDirectories, makePlace } from './support/place.ts';
import type { Holdings } from './support/protocol.ts';
import { TEST_MS } from './support/patience.ts';

/** Cycles per backend; a soak asks for thousands. */
const CYCLES = Number(process.env['WATCHKEEPER_SOAK_CYCLES'] ?? 50);
/** Openings that are ended early; all together they meet every part of an opening. */
const EARLY = Number(process.env['WATCHKEEPER_SOAK_CYCLES'] ?? 12);
/** What a heap may grow over all cycles: far less than one kept watch per cycle, far more than the runtime's own noise. */
const GROWTH_BYTES = 3 * 1024 * 1024;
/** A cycle of the native binding starts its thread and the trial before it. */
const CYCLE_MS = 400;
const TREE = 2000;

/** Creates, changes and removes files until it is killed. */
const WRITER = `
  const { appendFileSync, rmSync, writeFileSync } = require('node:fs');
  const [root] = process.argv.slice(1);
  let index = 0;
  setInterval(() => {
    const file = root + '/d' + (index % 10) + '/w' + (index % 7);
    if (index % 5 === 0) rmSync(file, { force: true });
    else if (index % 2 === 0) writeFileSync(file, 'new\\n');
    else appendFileSync(file, 'more\\n');
    index += 1;
  }, 1);
`;

function startWriter(root: string): void {
  const writer = spawn(process.execPath, ['-e', WRITER, root], { stdio: 'ignore' });
  onTestFinished(() => void writer.kill('SIGKILL'));
}

describe.for(BACKENDS)('%s', (backend) => {
  it(
    `${CYCLES} watches, one after the other under a writer, leave nothing behind`,
    { timeout: TEST_MS + CYCLES * CYCLE_MS },
    async () => {
      const path = makePlace();
      makeDirectories(path, 'd', 10);
      startWriter(path);
      const args = [path, backend, String(CYCLES)];
      const { ended, ...run } = runFixture('cycling-process.ts', args, ['--expose-gc']);
      const { stdout, ...ending } = await ended;
      expect({ ...ending, stderr: run.stderr }).toEqual({ code: 0, signal: null, stderr: '' });
      const { before, after } = JSON.parse(stdout) as Record<'before' | 'after', Holdings>;
      expect(after).toMatchObject({ handles: 0, watches: 0 });
      expect(after.descriptors).toBeLessThanOrEqual(before.descriptors);
      expect(after.heapBytes - before.heapBytes).toBeLessThan(GROWTH_BYTES);
    },
  );

  it(
    `${EARLY} watches of ${TREE} directories that end while they open leave nothing behind`,
    { timeout: TEST_MS + EARLY * 2 * CYCLE_MS },
    async () => {
      const path = makePlace();
      for (const directory of makeDirectories(path, 'd', TREE)) {
        writeFileSync(join(directory, 'f'), '');
      }
      const run = runFixture('closing-process.ts', [path, backend, String(EARLY)]);
      const { stdout, ...ending } = await run.ended;
      expect({ ...ending, stderr: run.stderr }).toEqual({ code: 0, signal: null, stderr: '' });
      const { codes, holdings } = JSON.parse(stdout) as { codes: string[]; holdings: Holdings };
      expect(codes).toEqual(expect.arrayContaining(['ERR_WATCH_ABORTED', 'ERR_WATCH_CLOSED']));
      expect(holdings).toMatchObject({ handles: 0, watches: 0 });
    },
  );
});
