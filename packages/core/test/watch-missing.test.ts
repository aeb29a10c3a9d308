import { mkdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { record, scene } from './support/scene.ts';

describe('a watch of what is not there', () => {
  it('is ready, and tells when the name appears', async () => {
    const { watcher, root, at } = scene();
    const watch = watcher.watch(at('f'));
    const seen = record(watch, root);
    await watch.ready;
    expect(watch.state).toBe('live');
    writeFileSync(at('f'), '');
    await watch.flush();
    expect(seen.take()).toEqual(['create f']);
  });

  it('climbs to the nearest directory there is, and comes down again in one flush', async () => {
    const { watcher, backend, root, at } = scene();
    const watch = watcher.watch(at('p', 'q', 'f'));
    const seen = record(watch, root);
    await watch.ready;
    expect(backend.active.map(({ request }) => request.root)).toEqual([root]);
    mkdirSync(at('p', 'q'), { recursive: true });
    writeFileSync(at('p', 'q', 'f'), '');
    await watch.flush();
    expect(seen.take()).toEqual(['create p/q/f']);
    expect(backend.active.map(({ request }) => request.root)).toEqual([at('p', 'q')]);
  });

  it('comes down by touches alone', async () => {
    const { watcher, backend, root, at } = scene();
    const watch = watcher.watch(at('p', 'f'));
    const seen = record(watch, root);
    await watch.ready;
    mkdirSync(at('p'));
    backend.touch(at('p'));
    await expect.poll(() => backend.active.map(({ request }) => request.root)).toEqual([at('p')]);
    writeFileSync(at('p', 'f'), '');
    backend.touch(at('p', 'f'));
    expect(await seen.next(1)).toEqual(['create p/f']);
  });

  it('finds what appeared while it was on its way down', async () => {
    const { watcher, backend, root, at } = scene();
    const watch = watcher.watch(at('p', 'q', 'f'));
    const seen = record(watch, root);
    await watch.ready;
    const release = backend.holdOpens();
    mkdirSync(at('p'));
    backend.touch(at('p'));
    await expect.poll(() => backend.heldOpens).toBe(1);
    mkdirSync(at('p', 'q'));
    writeFileSync(at('p', 'q', 'f'), '');
    release();
    expect(await seen.next(1)).toEqual(['create p/q/f']);
  });

  it('goes up again when the parents vanish', async () => {
    const { watcher, root, at } = scene();
    mkdirSync(at('p', 'q'), { recursive: true });
    writeFileSync(at('p', 'q', 'f'), '');
    const watch = watcher.watch(at('p', 'q', 'f'));
    const seen = record(watch, root);
    await watch.ready;
    rmSync(at('p'), { recursive: true });
    await watch.flush();
    expect(seen.take()).toEqual(['remove p/q/f']);
    mkdirSync(at('p', 'q'), { recursive: true });
    writeFileSync(at('p', 'q', 'f'), '');
    await watch.flush();
    expect(seen.take()).toEqual(['create p/q/f']);
  });

  it('waits for a parent that is a file to become a directory', async () => {
    const { watcher, root, at } = scene();
    writeFileSync(at('p'), '');
    const watch = watcher.watch(at('p', 'f'));
    const seen = record(watch, root);
    await watch.ready;
    unlinkSync(at('p'));
    mkdirSync(at('p'));
    writeFileSync(at('p', 'f'), '');
    await watch.flush();
    expect(seen.take()).toEqual(['create p/f']);
  });

  it('tells of a directory that appears with what is in it', async () => {
    const { watcher, root, at } = scene();
    mkdirSync(at('elsewhere', 'a'), { recursive: true });
    writeFileSync(at('elsewhere', 'a', 'f'), '');
    const watch = watcher.watch(at('d'), { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    renameSync(at('elsewhere'), at('d'));
    await watch.flush();
    expect(seen.take()).toEqual(['create d', 'create d/a', 'create d/a/f']);
    expect(seen.batches).toHaveLength(1);
  });
});
