import { appendFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change, Watch } from '@watchkeeper/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWatcher, type BackendConfig, type ConfiguredWatcher } from '../src/index.ts';

let directory: string;

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-rules-')));
  for (const name of ['a', 'b', 'c']) writeFileSync(join(directory, name), '');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const options = { poll: { intervalMs: 20 } };

/** Everything by events, and one file by polling. */
function pollOnly(name: string): BackendConfig {
  return { use: 'fs', rules: [{ match: join(directory, name), use: 'poll' }], options };
}

async function watchAll(watcher: ConfiguredWatcher, names: readonly string[]): Promise<Watch[]> {
  const watches: Watch[] = [];
  for (const name of names) {
    const watch = watcher.watch(join(directory, name));
    await watch.ready;
    watches.push(watch);
  }
  return watches;
}

const backendsOf = (watches: readonly Watch[]) => watches.map(({ backend }) => backend?.name);

describe('a rule for a single file', () => {
  it.each([[['a', 'b', 'c']], [['b', 'a', 'c']], [['c', 'a', 'b']]])(
    'holds for it and for no other, in whatever order they are watched: %j',
    async (names) => {
      await using watcher = createWatcher(pollOnly('b'));
      const watches = await watchAll(watcher, names);
      const wanted = names.map((name) => (name === 'b' ? 'poll' : 'fs'));
      expect(backendsOf(watches)).toEqual(wanted);
      const explained = names.map(async (name) => watcher.explain(join(directory, name)));
      expect((await Promise.all(explained)).map(({ chosen }) => chosen)).toEqual(wanted);
      expect(watcher.stats().subscriptions).toBe(2);
    },
  );

  it('that asks for what is used anyway costs no other subscription', async () => {
    await using watcher = createWatcher({
      use: 'fs',
      rules: [{ match: join(directory, 'b'), use: 'fs' }],
    });
    await watchAll(watcher, ['a', 'b', 'c']);
    expect(watcher.stats().subscriptions).toBe(1);
  });

  it.each<[string, () => BackendConfig, readonly string[], number]>([
    ['comes', () => ({ use: 'fs', options }), ['fs', 'fs', 'fs'], 1],
    ['is for another file', () => pollOnly('c'), ['fs', 'fs', 'poll'], 2],
    ['was for its neighbours', () => pollOnly('[ac]'), ['poll', 'fs', 'poll'], 2],
  ])('is obeyed by open watches when it %s, and back', async (_, config, before, subscriptions) => {
    await using watcher = createWatcher(config());
    const watches = await watchAll(watcher, ['a', 'b', 'c']);
    const changes: Change[] = [];
    for (const watch of watches) watch.on('batch', (batch) => changes.push(...batch.changes));
    expect(backendsOf(watches)).toEqual(before);
    await watcher.reconfigure(pollOnly('b'));
    expect(backendsOf(watches)).toEqual(['fs', 'poll', 'fs']);
    expect(watcher.stats().subscriptions).toBe(2);
    for (const name of ['a', 'b', 'c']) appendFileSync(join(directory, name), 'x');
    await watcher.reconfigure(config());
    expect(backendsOf(watches)).toEqual(before);
    expect(watcher.stats().subscriptions).toBe(subscriptions);
    await Promise.all(watches.map((watch) => watch.flush()));
    expect(changes.map(({ kind }) => kind)).toEqual(['modify', 'modify', 'modify']);
  });

  it('leaves the file where it is when its backend is not installed, and says what to run', async () => {
    await using watcher = createWatcher({ use: 'fs' });
    const [a, b] = await watchAll(watcher, ['a', 'b']);
    const rules = [{ match: join(directory, 'b'), use: 'watchkeeper-backend-of-nobody' }];
    await expect(watcher.reconfigure({ use: 'fs', fallback: false, rules })).rejects.toMatchObject({
      code: 'ERR_WATCH_BACKEND_MISSING',
    });
    expect(backendsOf([a!, b!])).toEqual(['fs', 'fs']);
    expect(b!.state).toBe('live');
    expect(watcher.stats()).toMatchObject({ watches: 2, subscriptions: 1 });
  });
});
