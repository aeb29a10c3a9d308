import { appendFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWatcher, sharedWatcher, type BackendConfig } from '../src/index.ts';
import { made } from './fixtures/manual-module.ts';

let directory: string;

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-backends-')));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

/** Watches a file while it grows, and says which backend told and what. */
async function watchGrowth(config: BackendConfig): Promise<{ backend?: string; kinds: string[] }> {
  const file = join(directory, 'log');
  writeFileSync(file, 'one\n');
  const watcher = createWatcher(config);
  try {
    const watch = watcher.watch(file);
    const kinds: string[] = [];
    watch.on('batch', ({ changes }) => kinds.push(...changes.map(({ kind }) => kind)));
    await watch.ready;
    appendFileSync(file, 'two\n');
    await vi.waitFor(() => expect(kinds).not.toEqual([]), { timeout: 15_000 });
    const backend = watch.backend?.name;
    return { ...(backend === undefined ? {} : { backend }), kinds };
  } finally {
    await watcher.close();
  }
}

describe('createWatcher', () => {
  it.each(['fs', 'poll', 'chokidar', 'native'])(
    'watches through %j when the config says so',
    async (use) => {
      expect(await watchGrowth({ use })).toEqual({ backend: use, kinds: ['modify'] });
    },
  );

  it('passes the options of each backend', async () => {
    const seen = await watchGrowth({ use: 'poll', options: { poll: { intervalMs: 20 } } });
    expect(seen).toEqual({ backend: 'poll', kinds: ['modify'] });
  });

  it('lets the environment overrule the config', async () => {
    vi.stubEnv('WATCHKEEPER_BACKEND', 'poll');
    vi.stubEnv('WATCHKEEPER_POLL_INTERVAL_MS', '20');
    expect(await watchGrowth({ use: 'fs' })).toEqual({ backend: 'poll', kinds: ['modify'] });
  });

  it('moves to the next backend when a module of somebody else refuses its options, and says so once', async () => {
    const use = join(import.meta.dirname, 'fixtures', 'refusing-module.ts');
    const watcher = createWatcher({ use, options: { [use]: { speed: 'no' } } });
    const watch = watcher.watch(directory);
    const problems: string[] = [];
    watch.on('problem', ({ message }) => problems.push(message));
    await watch.ready;
    expect(watch.backend?.name).toBe('fs');
    const remedy = `correct "options" of "${use}" in the config`;
    expect(watch.backend?.fellBackFrom).toMatchObject([{ name: use, error: { remedy } }]);
    expect(problems).toEqual([
      expect.stringContaining('TypeError: createBackend: speed: wanted a number, got no'),
    ]);
    expect(problems[0]).toContain(remedy);
    await watcher.close();
  });

  it('ends the watch instead when fallback is off', async () => {
    const use = ['@acme/no-such-backend', 'fs'];
    const watcher = createWatcher({ use, fallback: false });
    const watch = watcher.watch(directory);
    await expect(watch.ready).rejects.toMatchObject({
      code: 'ERR_WATCH_BACKEND_MISSING',
      message: expect.stringContaining('run: npm install @acme/no-such-backend'),
    });
    await watcher.close();
  });

  it('watches through a module of somebody else', async () => {
    const use = join(import.meta.dirname, 'fixtures', 'manual-module.ts');
    const watcher = createWatcher({ use, options: { [use]: { speed: 1 } } });
    const watch = watcher.watch(directory);
    const paths: string[] = [];
    watch.on('batch', ({ changes }) => paths.push(...changes.map(({ path }) => path)));
    await watch.ready;
    const file = join(directory, 'file');
    writeFileSync(file, 'x');
    expect(made.at(-1)?.options).toEqual({ speed: 1 });
    expect(made.at(-1)?.backend.touch(file)).toBe(1);
    await watch.flush();
    expect(paths).toEqual([file]);
    await watcher.close();
  });

  it('uses one subscription for the watches of one place', async () => {
    const watcher = createWatcher();
    const watches = [watcher.watch(directory), watcher.watch(directory)];
    await Promise.all(watches.map(({ ready }) => ready));
    expect(watcher.stats()).toMatchObject({ watches: 2, subscriptions: 1 });
    await watcher.close();
    expect(watcher.stats()).toMatchObject({ watches: 0, subscriptions: 0 });
  });
});

describe('explain', () => {
  it('says what was chosen, why, and why nothing else was', async () => {
    const rules = [{ match: `${directory}/**`, use: 'poll' }];
    const watcher = createWatcher({ use: '@acme/no-such-backend', rules });
    const { chosen, because, rejected } = await watcher.explain(directory);
    expect(chosen).toBe('poll');
    expect(because).toBe(`rule 1 (path ${directory}/**) asks for poll`);
    expect(rejected.map(({ name }) => name).toSorted()).toEqual([
      '@acme/no-such-backend',
      'chokidar',
      'fs',
      'native',
    ]);
    for (const { because: reason } of rejected) expect(reason).not.toBe('');
    await watcher.close();
  });

  it('says how to install what is missing', async () => {
    const watcher = createWatcher({ use: '@acme/no-such-backend' });
    const { rejected } = await watcher.explain(directory);
    expect(rejected).toContainEqual({
      name: '@acme/no-such-backend',
      because:
        'The backend "@acme/no-such-backend" is not installed; run: npm install @acme/no-such-backend',
    });
    await watcher.close();
  });
});

describe('sharedWatcher', () => {
  it('is one per process, and another one after it was closed', async () => {
    const first = sharedWatcher();
    expect(sharedWatcher()).toBe(first);
    const watch = first.watch(directory);
    await watch.ready;
    expect(watch.backend?.name).not.toBeUndefined();
    await watch.close();
    expect(first.stats()).toMatchObject({ watches: 0, subscriptions: 0, entries: 0 });
    await first.close();
    const second = sharedWatcher();
    expect(second).not.toBe(first);
    await second.close();
  });
});
