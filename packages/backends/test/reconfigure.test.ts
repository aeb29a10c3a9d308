import { appendFileSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Change, Watch } from '@watchkeeper/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWatcher, type BackendConfig } from '../src/index.ts';

let directory: string;

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-reconfigure-')));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

/** Small enough that a poll finds a change at once, large enough not to spin. */
const options = { poll: { intervalMs: 20 } };

function collect(watch: Watch): Change[] {
  const changes: Change[] = [];
  watch.on('batch', (batch) => changes.push(...batch.changes));
  return changes;
}

/** Writes without a pause, a line and a file each turn, until it is stopped; says how many. */
function startWriter(): { stop: () => Promise<number> } {
  const halt = new AbortController();
  let written = 0;
  const done = (async () => {
    while (!halt.signal.aborted) {
      appendFileSync(join(directory, 'log'), `line ${++written}\n`);
      appendFileSync(join(directory, `file-${written}`), '');
      await nextTurn();
    }
    return written;
  })();
  return {
    stop: () => {
      halt.abort();
      return done;
    },
  };
}

const own = ['fs', 'poll', 'chokidar', 'native'] as const;
const pairs = own.flatMap((from) => own.filter((to) => to !== from).map((to) => [from, to]));

describe('reconfigure', () => {
  it.each(pairs)(
    'moves from %s to %s while files are written, and tells each once',
    async (from, to) => {
      appendFileSync(join(directory, 'log'), '');
      await using watcher = createWatcher({ use: from, options });
      const watch = watcher.watch(directory);
      const changes = collect(watch);
      const log = watcher.watch(join(directory, 'log'));
      const growth = collect(log);
      await Promise.all([watch.ready, log.ready]);
      const writer = startWriter();
      await watcher.reconfigure({ use: to, options });
      expect([watch.backend?.name, log.backend?.name]).toEqual([to, to]);
      const written = await writer.stop();
      await Promise.all([watch.flush(), log.flush()]);
      const created = changes.filter(({ kind }) => kind === 'create').map(({ path }) => path);
      expect(created).toHaveLength(written);
      expect(new Set(created).size).toBe(readdirSync(directory).length - 1);
      expect(new Set(growth.map(({ kind }) => kind))).toEqual(new Set(['modify']));
      const last = growth.at(-1)?.after?.size;
      expect(last).toBe(changes.findLast(({ path }) => path.endsWith('/log'))?.after?.size);
      expect(watcher.stats().subscriptions).toBe(2);
    },
  );

  it('leaves alone what stays as it was', async () => {
    await using watcher = createWatcher({ use: 'fs', options });
    const watch = watcher.watch(directory);
    const states: string[] = [];
    watch.on('state', (state) => states.push(state));
    await watch.ready;
    await watcher.reconfigure({ use: ['fs', 'poll'], options: { poll: { intervalMs: 40 } } });
    expect(states).toEqual(['live']);
    expect(watcher.stats().repairs).toBe(0);
  });

  it('takes other options of the same backend over', async () => {
    await using watcher = createWatcher({ use: 'poll', options: { poll: { intervalMs: 60_000 } } });
    const watch = watcher.watch(directory);
    const changes = collect(watch);
    await watch.ready;
    await watcher.reconfigure({ use: 'poll', options });
    appendFileSync(join(directory, 'new'), '');
    await vi.waitFor(() => expect(changes).toMatchObject([{ kind: 'create' }]), 10_000);
  });

  it.each<[string, BackendConfig]>([
    ['a misspelt key', { uses: 'poll' } as BackendConfig],
    ['an option out of range', { use: 'poll', options: { poll: { intervalMs: -1 } } }],
  ])('changes nothing for %s, and names it', async (_, config) => {
    await using watcher = createWatcher({ use: 'fs' });
    const watch = watcher.watch(directory);
    await watch.ready;
    await expect(watcher.reconfigure(config)).rejects.toThrow(/^reconfigure: .*(uses|intervalMs)/u);
    expect(watch.backend?.name).toBe('fs');
  });

  it('stays with the backend in use when the wanted one is not installed, and says what to run', async () => {
    await using watcher = createWatcher({ use: 'fs' });
    const watch = watcher.watch(directory);
    await watch.ready;
    const moved = watcher.reconfigure({ use: 'watchkeeper-backend-of-nobody', fallback: false });
    await expect(moved).rejects.toMatchObject({
      code: 'ERR_WATCH_BACKEND_MISSING',
      remedy: 'run: npm install watchkeeper-backend-of-nobody',
    });
    expect(watch).toMatchObject({ state: 'live', backend: { name: 'fs' } });
  });

  it('lets the environment win', async () => {
    vi.stubEnv('WATCHKEEPER_BACKEND', 'fs');
    await using watcher = createWatcher({ use: 'poll' });
    const watch = watcher.watch(directory);
    await watch.ready;
    await watcher.reconfigure({ use: 'native' });
    expect(watch.backend?.name).toBe('fs');
  });
});
