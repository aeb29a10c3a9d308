import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join, relative, resolve, sep } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { record, scene } from './support/scene.ts';

describe('a watch of a tree', () => {
  it('tells nothing at the start, and everything below as created when asked to, parents first', async () => {
    const { watcher, root, at } = scene();
    mkdirSync(at('a', 'b'), { recursive: true });
    writeFileSync(at('a', 'b', 'f'), '');
    writeFileSync(at('g'), '');
    const quiet = watcher.watch(root, { recursive: true });
    const emitting = watcher.watch(root, { recursive: true, initial: 'emit' });
    const [seenQuiet, seen] = [record(quiet, root), record(emitting, root)];
    let before = 0;
    void emitting.ready.then(() => (before = seen.batches.length));
    await Promise.all([quiet.ready, emitting.ready]);
    expect(seenQuiet.take()).toEqual([]);
    expect(seen.take().toSorted()).toEqual(['create a', 'create a/b', 'create a/b/f', 'create g']);
    expect(before).toBe(1);
    expect(new Set(seen.batches[0]?.changes.map(({ origin }) => origin))).toEqual(
      new Set(['initial']),
    );
  });

  it('tells of directories that arrive with content, and of writes in them afterwards', async () => {
    const { watcher, backend, root, at } = scene();
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    mkdirSync(at('a', 'b', 'c'), { recursive: true });
    writeFileSync(at('a', 'b', 'c', 'f'), '');
    backend.touch(at('a'), { hint: 'created' });
    expect(await seen.next(4)).toEqual([
      'create a',
      'create a/b',
      'create a/b/c',
      'create a/b/c/f',
    ]);
    appendFileSync(at('a', 'b', 'c', 'f'), 'x');
    backend.touch(at('a', 'b', 'c', 'f'));
    expect(await seen.next(1)).toEqual(['modify a/b/c/f']);
  });

  it('understands a touch deep below a directory it has not seen', async () => {
    const { watcher, backend, root, at } = scene();
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    mkdirSync(at('a', 'b'), { recursive: true });
    writeFileSync(at('a', 'b', 'f'), '');
    backend.touch(at('a', 'b', 'f'));
    expect(await seen.next(3)).toEqual(['create a', 'create a/b', 'create a/b/f']);
  });

  it('looks at the entries of a touched directory as far as the touch reaches', async () => {
    const { watcher, backend, root, at } = scene();
    mkdirSync(at('a', 'b'), { recursive: true });
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    writeFileSync(at('a', 'f'), '');
    writeFileSync(at('a', 'b', 'g'), '');
    backend.touch(at('a'), { reach: 'entry' });
    await Promise.resolve();
    expect(seen.take()).toEqual([]);
    backend.touch(at('a'), { reach: 'children' });
    expect(await seen.next(1)).toEqual(['create a/f']);
    backend.touch(at('a'), { reach: 'tree' });
    expect(await seen.next(1)).toEqual(['create a/b/g']);
  });

  it('tells of a removed tree, children first', async () => {
    const { watcher, backend, root, at } = scene();
    mkdirSync(at('a', 'b'), { recursive: true });
    writeFileSync(at('a', 'b', 'f'), '');
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    rmSync(at('a'), { recursive: true });
    backend.touch(at('a'));
    expect(await seen.next(3)).toEqual(['remove a/b/f', 'remove a/b', 'remove a']);
    expect(watcher.stats().entries).toBe(0);
  });

  it('tells of a moved directory under its new path, and of a new one under the old path', async () => {
    const { watcher, root, at } = scene();
    mkdirSync(at('x', 'y'), { recursive: true });
    writeFileSync(at('x', 'y', 'f'), '');
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    renameSync(at('x'), at('z'));
    mkdirSync(at('x'));
    appendFileSync(at('z', 'y', 'f'), 'x');
    await watch.flush();
    expect(seen.take()).toEqual([
      'remove x/y/f',
      'remove x/y',
      'replace x',
      'create z',
      'create z/y',
      'create z/y/f',
    ]);
  });

  it('tells of a file in place of a directory and of a directory in place of a file', async () => {
    const { watcher, root, at } = scene();
    mkdirSync(at('d'));
    writeFileSync(at('d', 'inner'), '');
    writeFileSync(at('f'), '');
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    rmSync(at('d'), { recursive: true });
    writeFileSync(at('d'), '');
    unlinkSync(at('f'));
    mkdirSync(at('f'));
    writeFileSync(at('f', 'inner'), '');
    await watch.flush();
    expect(seen.take().toSorted()).toEqual([
      'create f/inner',
      'remove d/inner',
      'replace d',
      'replace f',
    ]);
  });

  it('says nothing of a file that came and went, nor of directory times', async () => {
    const { watcher, backend, root, at } = scene();
    mkdirSync(at('d'));
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    writeFileSync(at('d', 'f'), '');
    unlinkSync(at('d', 'f'));
    backend.touch(at('d', 'f'), { hint: 'created' });
    backend.touch(at('d', 'f'), { hint: 'removed' });
    backend.touch(at('d'));
    await watch.flush();
    expect(seen.take()).toEqual([]);
  });

  it('tells of the mode of a directory and of its own', async () => {
    const { watcher, root, at } = scene();
    mkdirSync(at('d'));
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    chmodSync(at('d'), 0o711);
    chmodSync(root, 0o711);
    await watch.flush();
    expect(seen.take().toSorted()).toEqual(['attributes .', 'attributes d']);
  });

  it('judges links below by themselves, and never walks through them', async () => {
    const { watcher, root, at } = scene();
    mkdirSync(at('a'));
    symlinkSync('..', at('a', 'loop'));
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    expect(watcher.stats().entries).toBe(2);
    unlinkSync(at('a', 'loop'));
    symlinkSync('nowhere', at('a', 'loop'));
    await watch.flush();
    expect(seen.take()).toEqual(['replace a/loop']);
  });

  it('gives exact names, however odd', async () => {
    const { watcher, root, at } = scene();
    const names = [
      'a b',
      'quo"te',
      "it's",
      'star*',
      '[x]',
      '-rf',
      '#',
      'e\u0301',
      '\u00e9',
      'n'.repeat(255),
    ];
    if (sep === '/') names.push('back\\slash', 'new\nline');
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    for (const name of names) writeFileSync(at(name), '');
    await watch.flush();
    expect(seen.take().toSorted()).toEqual(names.map((name) => `create ${name}`).toSorted());
  });

  it('tells of a socket without opening it', async (context) => {
    if (process.platform === 'win32') context.skip('Windows has no sockets in directories');
    const { watcher, root, at } = scene();
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(at('socket'), resolve));
    onTestFinished(() => void server.close());
    await watch.flush();
    expect(seen.take()).toEqual(['create socket']);
    expect(seen.batches[0]?.changes[0]?.after?.type).toBe('other');
  });

  it('scans a large tree in slices and misses nothing', async () => {
    const { watcher, root, at } = scene();
    for (let index = 0; index < 40; index++) {
      mkdirSync(at(`d${index}`, 'sub'), { recursive: true });
      for (let file = 0; file < 25; file++) writeFileSync(at(`d${index}`, 'sub', `f${file}`), '');
    }
    const watch = watcher.watch(root, { recursive: true });
    await watch.ready;
    expect(watcher.stats().entries).toBe(40 * 27);
  });
});

describe('a watch of a directory', () => {
  it('tells of its direct entries only', async () => {
    const { watcher, backend, root, at } = scene();
    mkdirSync(at('d'));
    const watch = watcher.watch(root);
    const seen = record(watch, root);
    await watch.ready;
    writeFileSync(at('d', 'f'), '');
    writeFileSync(at('g'), '');
    backend.active[0]!.sink.touched([
      { path: at('d', 'f') as never, reach: 'entry' },
      { path: at('d') as never, reach: 'tree' },
    ]);
    await watch.flush();
    expect(seen.take()).toEqual(['create g']);
  });

  it.each([
    ['a trailing separator', (path: string) => `${path}${sep}`, (path: string) => path],
    ['two trailing separators', (path: string) => `${path}//`, (path: string) => path],
    [
      'a relative path',
      (path: string) => relative(process.cwd(), path),
      (path: string) => relative(process.cwd(), path),
    ],
    [
      'dots on the way',
      (path: string) => `${path}${sep}x${sep}..`,
      (path: string) => `${path}${sep}x${sep}..`,
    ],
  ])('reports paths in the spelling of the caller: %s', async (_, write, spelled) => {
    const { watcher, root, at } = scene();
    const given = write(root);
    const watch = watcher.watch(given);
    const paths: string[] = [];
    watch.on('batch', ({ changes }) => paths.push(...changes.map(({ path }) => path)));
    await watch.ready;
    writeFileSync(at('f'), '');
    await watch.flush();
    expect(watch.path).toBe(given);
    expect(paths).toEqual([spelled(root) + sep + 'f']);
    expect(resolve(paths[0]!)).toBe(join(root, 'f'));
  });
});
