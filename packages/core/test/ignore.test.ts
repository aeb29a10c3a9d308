import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { record, scene } from './support/scene.ts';

describe('ignore', () => {
  it('leaves a directory out with everything below it, and asks nothing about what is inside', async () => {
    const { watcher, backend, root, at } = scene();
    const asked: string[] = [];
    const watch = watcher.watch(root, {
      recursive: true,
      ignore: (path) => {
        asked.push(path);
        return path === 'node_modules';
      },
    });
    const seen = record(watch, root);
    await watch.ready;
    mkdirSync(at('node_modules', 'x'), { recursive: true });
    writeFileSync(at('node_modules', 'x', 'f'), '');
    backend.touch(at('node_modules', 'x', 'f'));
    backend.touch(at('node_modules'), { reach: 'tree' });
    await watch.flush();
    expect(seen.take()).toEqual([]);
    expect(new Set(asked)).toEqual(new Set(['node_modules']));
    expect(watcher.stats().entries).toBe(0);
    expect(backend.active[0]!.request.ignores('node_modules', 'directory')).toBe(true);
  });

  it('knows the type of what it judges once it was looked at', async () => {
    const { watcher, backend, root, at } = scene();
    const watch = watcher.watch(root, {
      recursive: true,
      ignore: (path, type) => type === 'directory' && path.startsWith('tmp'),
    });
    const seen = record(watch, root);
    await watch.ready;
    mkdirSync(at('tmpdir'));
    writeFileSync(at('tmpdir', 'f'), '');
    writeFileSync(at('tmpfile'), '');
    backend.touch(at('tmpdir'));
    backend.touch(at('tmpfile'));
    await watch.flush();
    expect(seen.take()).toEqual(['create tmpfile']);
  });

  it('makes a file that is renamed out of it appear, and one renamed into it vanish', async () => {
    const { watcher, root, at } = scene();
    writeFileSync(at('f.tmp'), '');
    const watch = watcher.watch(root, { ignore: (path) => path.endsWith('.tmp') });
    const seen = record(watch, root);
    await watch.ready;
    renameSync(at('f.tmp'), at('f'));
    await watch.flush();
    renameSync(at('f'), at('f.tmp'));
    await watch.flush();
    expect(seen.take()).toEqual(['create f', 'remove f']);
  });

  it('is asked with slashes, relative to the directory', async () => {
    const { watcher, root, at } = scene();
    mkdirSync(at('a', 'b'), { recursive: true });
    const asked = new Set<string>();
    const watch = watcher.watch(root, {
      recursive: true,
      ignore: (path) => (asked.add(path), false),
    });
    await watch.ready;
    expect(asked).toEqual(new Set(['a', 'a/b']));
  });

  it('that throws is one problem, and what it could not judge is watched', async () => {
    const { watcher, root, at } = scene();
    const watch = watcher.watch(root, {
      ignore: () => {
        throw new Error('no idea');
      },
    });
    const seen = record(watch, root);
    await watch.ready;
    for (const name of ['f', 'g']) writeFileSync(at(name), '');
    await watch.flush();
    expect(seen.take().toSorted()).toEqual(['create f', 'create g']);
    expect(seen.problems.map(({ code }) => code)).toEqual(['ERR_WATCH_LISTENER']);
  });

  it('of one watch does not concern another', async () => {
    const { watcher, root, at } = scene();
    const blind = watcher.watch(root, { recursive: true, ignore: (path) => path === 'd' });
    const open = watcher.watch(root, { recursive: true });
    const [seenBlind, seenOpen] = [record(blind, root), record(open, root)];
    await Promise.all([blind.ready, open.ready]);
    mkdirSync(at('d'));
    writeFileSync(at('d', 'f'), '');
    await Promise.all([blind.flush(), open.flush()]);
    expect([seenBlind.take(), seenOpen.take()]).toEqual([[], ['create d', 'create d/f']]);
  });
});
