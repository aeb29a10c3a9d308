import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WatchError } from '../src/errors.ts';
import { record, scene } from './support/scene.ts';

const gone = new WatchError('The root is gone', { code: 'ERR_WATCH_ROOT_GONE', backend: 'manual' });

describe('the fate of a watched directory', () => {
  it('is told when it is removed, and when it returns', async () => {
    const { watcher, backend, root, at } = scene();
    mkdirSync(at('d'));
    writeFileSync(at('d', 'f'), '');
    const watch = watcher.watch(at('d'), { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    rmSync(at('d'), { recursive: true });
    backend.end(gone);
    expect(await seen.next(2)).toEqual(['remove d/f', 'remove d']);
    expect(watch.state).toBe('live');
    mkdirSync(at('d'));
    writeFileSync(at('d', 'g'), '');
    await watch.flush();
    expect(seen.take()).toEqual(['create d', 'create d/g']);
    expect(seen.problems).toEqual([]);
  });

  it('is noticed by a barrier even when the backend is silent', async () => {
    const { watcher, root, at } = scene();
    mkdirSync(at('d'));
    writeFileSync(at('d', 'f'), '');
    const watch = watcher.watch(at('d'), { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    renameSync(at('d'), at('elsewhere'));
    await watch.flush();
    expect(seen.take()).toEqual(['remove d/f', 'remove d']);
    writeFileSync(at('elsewhere', 'g'), '');
    await watch.flush();
    expect(seen.take()).toEqual([]);
  });

  it('is told as a difference when another directory took its name', async () => {
    const { watcher, backend, root, at } = scene();
    for (const [directory, names] of [
      ['d', ['gone', 'same']],
      ['other', ['new', 'same']],
    ] as const) {
      mkdirSync(at(directory));
      for (const name of names) writeFileSync(at(directory, name), '');
    }
    const watch = watcher.watch(at('d'), { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    renameSync(at('d'), at('old'));
    renameSync(at('other'), at('d'));
    backend.touch(at('d'));
    expect((await seen.next(4)).toSorted()).toEqual([
      'create d/new',
      'remove d/gone',
      'replace d',
      'replace d/same',
    ]);
    writeFileSync(at('d', 'later'), '');
    await watch.flush();
    expect(seen.take()).toEqual(['create d/later']);
  });

  it('does not matter to a single file whose name is still there', async () => {
    const { watcher, backend, root, at } = scene();
    mkdirSync(at('d'));
    writeFileSync(at('d', 'f'), '');
    const watch = watcher.watch(at('d', 'f'));
    const seen = record(watch, root);
    await watch.ready;
    rmSync(at('d'), { recursive: true });
    mkdirSync(at('d'));
    writeFileSync(at('d', 'f'), '');
    backend.end(gone);
    expect(await seen.next(1)).toEqual(['replace d/f']);
    expect(watch.state).toBe('live');
  });

  it('is the backend’s mistake when the directory is still there', async () => {
    const { watcher, backend, root, at } = scene();
    mkdirSync(at('d'));
    const watch = watcher.watch(at('d'));
    const seen = record(watch, root);
    await watch.ready;
    backend.end(gone);
    await expect.poll(() => watch.state).toBe('closed');
    expect(seen.problems.map(({ code }) => code)).toEqual(['ERR_WATCH_ROOT_GONE']);
  });
});
