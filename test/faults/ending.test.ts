import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { BACKENDS } from './support/backends.ts';
import { makeDirectories, makePlace } from './support/place.ts';
import { runFixture } from './support/fixture-run.ts';
import { TEST_MS } from './support/patience.ts';

vi.setConfig({ testTimeout: TEST_MS });

const SIGTERM = { code: null, signal: 'SIGTERM' } as const;
const GOOD = { code: 0, signal: null } as const;

/** How a process ends while it watches, and how that shows from outside. */
const endings = [
  ['exit', GOOD, 'live\n'],
  ['signal', SIGTERM, 'live\n'],
  ['throw', { code: 1, signal: null }, 'live\n'],
  ['listener', GOOD, 'live\nERR_WATCH_LISTENER'],
  ['worker', GOOD, 'live\nlive\ntold'],
  ['exit-in-worker', GOOD, 'live\nlive\ntold'],
  ['close', GOOD, 'live\n'],
  ['close-in-worker', GOOD, 'live\nlive\ntold'],
  ['unref', GOOD, 'live\n'],
] as const;

const TEARDOWN =
  'the binding may abort the process when a thread ends with a watch open (parcel-bundler/watcher issue 264)';

/** What a backend cannot do, and says so in its README. */
const LIMITS: Readonly<Record<string, string>> = {
  'native unref': 'the binding holds the process alive; the capability `unref` says so',
  'native worker': TEARDOWN,
  'native exit-in-worker': TEARDOWN,
};

const rows = BACKENDS.flatMap((backend) =>
  endings.map(([end, ending, output]) => [backend, end, ending, output] as const),
);

describe('a process that ends while it watches', () => {
  it.for(rows)('%s by %s', async ([backend, end, ending, output], { skip }) => {
    const limit = LIMITS[`${backend} ${end}`];
    if (limit !== undefined) skip(limit);
    const path = makePlace();
    for (const directory of makeDirectories(path, 'd', 5)) writeFileSync(join(directory, 'f'), '');
    const run = runFixture('ending-process.ts', [path, backend, end]);
    if (end === 'signal') {
      await run.printed('live\n');
      run.kill('SIGTERM');
    }
    expect(await run.ended).toEqual({ ...ending, stdout: output });
    expect(run.stderr.includes('thrown after a batch')).toBe(end === 'throw');
  });
});
