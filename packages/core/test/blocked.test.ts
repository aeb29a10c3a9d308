import type * as fs from 'node:fs';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MAX_RETRY_MS } from '../src/retry-pace.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { record, scene } from './support/scene.ts';

const faults = vi.hoisted(() => new Map<string, string>());

// Permissions do not bind the superuser, under whom tests may run: the errors are made here.
vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof fs>();
  return {
    ...original,
    lstatSync: ((path: fs.PathLike, options: fs.StatSyncOptions) => {
      const code = faults.get(String(path));
      if (code !== undefined) throw Object.assign(new Error(code), { code });
      return original.lstatSync(path, options);
    }) as typeof fs.lstatSync,
  };
});

afterEach(() => faults.clear());

describe('a path that is blocked', () => {
  it('is flushed in bounded time, whatever happens to the directory that blocks it', async () => {
    const { watcher, backend, root, at } = scene();
    mkdirSync(at('d'));
    writeFileSync(at('d', 'f'), '');
    faults.set(at('d', 'f'), 'EACCES');
    const watch = watcher.watch(at('d', 'f'));
    const seen = record(watch, root);
    await watch.ready;
    chmodSync(at('d'), 0o711);
    backend.touch(at('d'));
    await watch.flush();
    expect(watch.state).toBe('degraded');
    expect(seen.take()).toEqual([]);
    expect(seen.problems.map(({ code }) => code)).toEqual(['ERR_WATCH_PERMISSION']);
  });

  it.each(['EACCES', 'EIO', 'ESTALE'])('by %s is tried again by itself', async (code) => {
    const clock = createManualClock();
    const { watcher, root, at } = scene({ clock });
    mkdirSync(at('d'));
    writeFileSync(at('d', 'f'), '');
    faults.set(at('d', 'f'), code);
    const watch = watcher.watch(at('d', 'f'));
    const seen = record(watch, root);
    await watch.ready;
    await clock.advance(3 * MAX_RETRY_MS);
    expect(watch.state).toBe('degraded');
    expect(seen.problems).toHaveLength(1);
    faults.clear();
    await clock.advance(MAX_RETRY_MS);
    await expect.poll(() => watch.state).toBe('live');
    await watch.flush();
    expect(seen.take()).toEqual(['create d/f']);
  });
});
