import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type * as place from '../src/place.ts';
import { firstContradiction } from './support/differential.ts';
import { record, scene } from './support/scene.ts';

// Every place is one where a look may wait for a server.
vi.mock('../src/place.ts', async (importOriginal) => {
  const original = await importOriginal<typeof place>();
  return {
    ...original,
    answersAtOnce: () => false,
    detectPlace: async (path: string): Promise<place.Place> => ({
      ...(await original.detectPlace(path)),
      fsType: 'nfs4',
      shared: true,
    }),
  };
});

describe('a watch of a place that may not answer at once', () => {
  it('tells the same of a tree', { timeout: 120_000 }, async () => {
    expect(await firstContradiction({ renames: 'split', by: 'listener' }, 40)).toBeUndefined();
  });

  it('tells of files, missing paths and links', async () => {
    const { watcher, root, at } = scene();
    writeFileSync(at('f'), '');
    symlinkSync('f', at('link'));
    const watches = [
      watcher.watch(at('f')),
      watcher.watch(at('link')),
      watcher.watch(at('p', 'q')),
    ];
    const seen = watches.map((watch) => record(watch, root));
    await Promise.all(watches.map(({ ready }) => ready));
    appendFileSync(at('f'), 'x');
    mkdirSync(at('p'));
    writeFileSync(at('p', 'q'), '');
    await Promise.all(watches.map((watch) => watch.flush()));
    expect(seen.map((one) => one.take())).toEqual([['modify f'], ['modify link'], ['create p/q']]);
  });

  it('follows a second name of a directory that is watched already', async () => {
    const { watcher, backend, root, at } = scene();
    const first = watcher.watch(at('f'));
    await first.ready;
    const second = watcher.watch(at('g'));
    const seen = record(second, root);
    await second.ready;
    expect(backend.subscriptions).toHaveLength(1);
    writeFileSync(at('g'), '');
    backend.touch(at('g'));
    expect(await seen.next(1)).toEqual(['create g']);
  });

  it('can be closed while it waits', async () => {
    const { watcher, backend, root } = scene();
    const watch = watcher.watch(root, { recursive: true });
    await watch.close();
    await watcher.close();
    expect(backend.active).toEqual([]);
  });
});
