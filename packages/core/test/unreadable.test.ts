import type * as fs from 'node:fs';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FIRST_RETRY_MS, MAX_RETRY_MS } from '../src/retry-pace.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { record, scene } from './support/scene.ts';

const faults = vi.hoisted(() => new Map<string, string>());

// Permissions do not bind the superuser, under whom tests may run: the errors are made here.
vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof fs>();
  const failing = <T extends (path: never, ...rest: never[]) => unknown>(call: string, fn: T): T =>
    ((path: never, ...rest: never[]) => {
      const code = faults.get(`${call} ${String(path)}`);
      if (code !== undefined) throw Object.assign(new Error(code), { code });
      return fn(path, ...rest);
    }) as T;
  return {
    ...original,
    lstatSync: failing('lstat', original.lstatSync),
    readdirSync: failing('readdir', original.readdirSync),
  };
});

afterEach(() => faults.clear());

describe('what cannot be looked at', () => {
  it.each(['EACCES', 'EBUSY', 'EIO'])(
    'is not taken for absent: a file that gives %s',
    async (code) => {
      const { watcher, backend, root, at } = scene();
      writeFileSync(at('f'), '');
      const watch = watcher.watch(at('f'));
      const seen = record(watch, root);
      await watch.ready;
      faults.set(`lstat ${at('f')}`, code);
      appendFileSync(at('f'), 'x');
      for (let round = 0; round < 2; round++) {
        backend.touch(at('f'));
        await watch.flush();
      }
      expect(seen.take()).toEqual([]);
      expect(watch.state).toBe('degraded');
      expect(seen.problems).toMatchObject([
        {
          code: code === 'EACCES' ? 'ERR_WATCH_PERMISSION' : 'ERR_WATCH_IO',
          effect: 'partial',
          paths: [at('f')],
        },
      ]);
      faults.clear();
      await watch.flush();
      expect(seen.take()).toEqual(['modify f']);
      expect(watch.state).toBe('live');
    },
  );

  it.each(['EACCES', 'EBUSY', 'EIO'])('is tried again by itself: %s', async (code) => {
    const clock = createManualClock();
    const { watcher, backend, root, at } = scene({ clock });
    writeFileSync(at('f'), '');
    const watch = watcher.watch(root);
    const seen = record(watch, root);
    await watch.ready;
    faults.set(`lstat ${at('f')}`, code);
    appendFileSync(at('f'), 'x');
    backend.touch(at('f'));
    await expect.poll(() => watch.state).toBe('degraded');
    await clock.advance(FIRST_RETRY_MS * 20);
    expect(seen.take()).toEqual([]);
    expect(seen.problems).toHaveLength(1);
    faults.clear();
    await clock.advance(MAX_RETRY_MS);
    expect(await seen.next(1)).toEqual(['modify f']);
    expect(watch.state).toBe('live');
    await clock.advance(MAX_RETRY_MS);
    expect(clock.pending).toBe(0);
  });

  it('is tried again in time although more and more cannot be read', async () => {
    const clock = createManualClock();
    const { watcher, backend, root, at } = scene({ clock });
    writeFileSync(at('f'), '');
    const watch = watcher.watch(root);
    const seen = record(watch, root);
    await watch.ready;
    appendFileSync(at('f'), 'x');
    faults.set(`lstat ${at('f')}`, 'EBUSY');
    backend.touch(at('f'));
    faults.delete(`lstat ${at('f')}`);
    for (let index = 0; index < 6; index++) {
      const path = at(`g${index}`);
      faults.set(`lstat ${path}`, 'EBUSY');
      backend.touch(path);
      await clock.advance(FIRST_RETRY_MS / 2);
    }
    expect(await seen.next(1)).toEqual(['modify f']);
  });

  it('is one problem of a directory in a tree, and the rest works', async () => {
    const { watcher, root, at } = scene();
    for (const directory of ['open', 'shut']) {
      mkdirSync(at(directory));
      writeFileSync(at(directory, 'f'), '');
    }
    faults.set(`readdir ${at('shut')}`, 'EACCES');
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    expect(watch.state).toBe('degraded');
    writeFileSync(at('open', 'g'), '');
    await watch.flush();
    expect(seen.take()).toEqual(['create open/g']);
    expect(seen.problems).toMatchObject([{ code: 'ERR_WATCH_PERMISSION', paths: [at('shut')] }]);
    faults.clear();
    await watch.flush();
    expect(seen.take()).toEqual(['create shut/f']);
    expect(watch.state).toBe('live');
  });

  it('is named in the batch that repairs a loss', async () => {
    const { watcher, backend, root, at } = scene();
    mkdirSync(at('shut'));
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    faults.set(`readdir ${at('shut')}`, 'EACCES');
    backend.lose();
    await expect.poll(() => seen.batches.length).toBe(1);
    expect(seen.batches[0]?.repaired?.unsure).toEqual([at('shut')]);
  });

  it('on the way to a path keeps what is known of it', async () => {
    const { watcher, root, at } = scene();
    mkdirSync(at('d'));
    writeFileSync(at('d', 'f'), '');
    faults.set(`lstat ${at('d', 'f')}`, 'EACCES');
    const watch = watcher.watch(at('d', 'f'));
    const seen = record(watch, root);
    await watch.ready;
    expect(watch.state).toBe('degraded');
    await expect
      .poll(() => seen.problems.map(({ code }) => code))
      .toEqual(['ERR_WATCH_PERMISSION']);
    expect(seen.take()).toEqual([]);
  });
});
