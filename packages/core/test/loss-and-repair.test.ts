import { appendFileSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { record, scene } from './support/scene.ts';

describe('a reported loss', () => {
  it('is repaired in one batch that holds real differences only', async () => {
    const { watcher, backend, root, at } = scene();
    for (const name of ['same', 'changed', 'gone']) writeFileSync(at(name), '');
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    appendFileSync(at('changed'), 'x');
    unlinkSync(at('gone'));
    mkdirSync(at('new'));
    writeFileSync(at('new', 'f'), '');
    backend.lose('overflow');
    await expect.poll(() => seen.batches.length).toBe(1);
    expect(seen.take()).toEqual(['remove gone', 'create new', 'create new/f', 'modify changed']);
    expect(seen.batches[0]?.repaired).toEqual({ under: [root], why: 'overflow', unsure: [] });
    expect(seen.batches[0]?.changes.every(({ origin }) => origin === 'rescan')).toBe(true);
    expect(watcher.stats().repairs).toBe(1);
    expect(seen.problems).toEqual([]);
  });

  it('is told even when nothing had changed', async () => {
    const { watcher, backend, root, at } = scene();
    writeFileSync(at('f'), '');
    const watch = watcher.watch(at('f'));
    const seen = record(watch, root);
    await watch.ready;
    backend.lose('stall');
    await expect.poll(() => seen.batches.length).toBe(1);
    expect(seen.batches[0]).toMatchObject({
      changes: [],
      repaired: { under: [at('f')], why: 'stall' },
    });
  });

  it('below one directory does not cost a look at the others', async () => {
    const { watcher, backend, root, at } = scene();
    for (const directory of ['a', 'b']) mkdirSync(at(directory));
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    for (const directory of ['a', 'b']) writeFileSync(at(directory, 'f'), '');
    backend.lose('overflow', at('a'));
    expect(await seen.next(1)).toEqual(['create a/f']);
    expect(seen.batches[0]?.repaired?.under).toEqual([at('a')]);
  });

  it('during the repair of another costs one more look and no second batch', async () => {
    const { watcher, backend, root, at } = scene();
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    writeFileSync(at('f'), '');
    backend.lose('overflow');
    backend.lose('overflow');
    writeFileSync(at('g'), '');
    await watch.flush();
    expect(seen.take().toSorted()).toEqual(['create f', 'create g']);
    expect(seen.batches.filter(({ repaired }) => repaired !== undefined)).toHaveLength(1);
  });

  it('during the opening is made good before the watch is ready, and not told', async () => {
    const { watcher, backend, root, at } = scene();
    const release = backend.holdOpens();
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await expect.poll(() => backend.heldOpens).toBe(1);
    release();
    await expect.poll(() => backend.active.length).toBe(1);
    writeFileSync(at('f'), '');
    backend.lose('overflow');
    await watch.ready;
    await watch.flush();
    expect(watcher.stats().entries).toBe(1);
    expect(
      seen.batches.every(({ repaired }) => repaired === undefined || repaired.why === 'overflow'),
    ).toBe(true);
  });

  it('keeps touches that arrive meanwhile, once', async () => {
    const { watcher, backend, root, at } = scene();
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    writeFileSync(at('f'), '');
    backend.lose('overflow');
    backend.touch(at('f'));
    await watch.flush();
    expect(seen.take()).toEqual(['create f']);
  });
});

describe('degradation', () => {
  it('is a state and one problem', async () => {
    const { watcher, backend, root, at } = scene();
    const { WatchError } = await import('../src/errors.ts');
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    const error = new WatchError('No more watches', {
      code: 'ERR_WATCH_LIMIT_WATCHES',
      effect: 'partial',
      backend: 'manual',
      paths: [at('d')],
    });
    backend.degrade(error);
    expect(watch.state).toBe('degraded');
    expect(seen.problems).toEqual([error]);
    expect(seen.states).toEqual(['live', 'degraded']);
  });
});
