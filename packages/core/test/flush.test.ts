import { appendFileSync, writeFileSync } from 'node:fs';
import { queryObjects } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { createManualBackend } from '../src/testing/manual-backend.ts';
import { record, scene } from './support/scene.ts';

describe('flush', () => {
  it('awaits the barrier of the backend and looks only where it pointed', async () => {
    let pending: string[] = [];
    const backend = createManualBackend({
      barrier: async () => {
        await Promise.resolve();
        for (const path of pending) backend.touch(path);
        pending = [];
      },
    });
    const { watcher, root, at } = scene({ backends: [backend] });
    for (const name of ['f', 'g']) writeFileSync(at(name), '');
    const watch = watcher.watch(root);
    const seen = record(watch, root);
    await watch.ready;
    for (const name of ['f', 'g']) appendFileSync(at(name), 'x');
    pending = [at('f')];
    await watch.flush();
    expect(seen.take()).toEqual(['modify f']);
    expect(watcher.stats().audits).toBe(0);
  });

  it('looks for itself when the barrier cannot be kept', async () => {
    const backend = createManualBackend({
      barrier: () => Promise.reject(new Error('no barrier today')),
    });
    const { watcher, root, at } = scene({ backends: [backend] });
    const watch = watcher.watch(root);
    const seen = record(watch, root);
    await watch.ready;
    writeFileSync(at('f'), '');
    await watch.flush();
    expect(seen.take()).toEqual(['create f']);
    expect(watcher.stats().audits).toBe(1);
    expect(seen.problems).toEqual([]);
  });

  it('of many watches of one place costs one look', async () => {
    const { watcher, root, at } = scene();
    const watches = Array.from({ length: 50 }, (_, index) => watcher.watch(at(`f${index}`)));
    await Promise.all(watches.map(({ ready }) => ready));
    const seen = watches.map((watch) => record(watch, root));
    for (let index = 0; index < watches.length; index++) writeFileSync(at(`f${index}`), '');
    await Promise.all(watches.map((watch) => watch.flush()));
    expect(seen.map((one) => one.take())).toEqual(watches.map((_, index) => [`create f${index}`]));
    expect(watcher.stats().audits).toBe(1);
  });

  it('waits for a watch that is still opening, and for one that recovers', async () => {
    const { watcher, backend, root, at } = scene();
    const release = backend.holdOpens();
    const watch = watcher.watch(root);
    const seen = record(watch, root);
    const flushed = watch.flush();
    await expect.poll(() => backend.heldOpens).toBe(1);
    expect(await Promise.race([flushed, Promise.resolve('waiting')])).toBe('waiting');
    release();
    await flushed;
    expect(watch.state).toBe('live');
    writeFileSync(at('f'), '');
    await watch.flush();
    expect(seen.take()).toEqual(['create f']);
  });

  it('ends when the watch is closed meanwhile', async () => {
    const { watcher, backend, root } = scene();
    const release = backend.holdOpens();
    const watch = watcher.watch(root);
    const flushed = watch.flush();
    const closing = watch.close();
    await flushed;
    release();
    await closing;
    expect(backend.active).toEqual([]);
  });

  it('leaves nothing behind, however often it is called', async () => {
    const backend = createManualBackend({ barrier: () => undefined });
    const { watcher, root } = scene({ backends: [backend] });
    const watch = watcher.watch(root);
    await watch.ready;
    const promises = async (): Promise<number> => {
      for (let count = 0; count < 300; count++) await watch.flush();
      return queryObjects(Promise, { format: 'count' });
    };
    const before = await promises();
    expect((await promises()) - before).toBeLessThan(100);
  });
});
