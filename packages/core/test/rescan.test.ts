import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createManualBackend } from '../src/testing/manual-backend.ts';
import { record, scene } from './support/scene.ts';

describe('rescan', () => {
  it('finds everything that no event told, with its origin', async () => {
    const { watcher, root, at } = scene();
    mkdirSync(at('d'));
    for (const name of ['d/f', 'g']) writeFileSync(at(name), '');
    const watch = watcher.watch(root, { recursive: true, settleMs: 60_000 });
    const seen = record(watch, root);
    await watch.ready;
    appendFileSync(at('d', 'f'), 'x');
    unlinkSync(at('g'));
    await watch.rescan();
    expect(seen.batches.flatMap(({ changes }) => changes.map(({ origin }) => origin))).toEqual([
      'rescan',
      'rescan',
    ]);
    expect(seen.take()).toEqual(['remove g', 'modify d/f']);
  });

  it.each([
    ['a directory', 'd', ['modify d/f']],
    ['a file', 'd/f', ['modify d/f']],
    ['a new file', 'new', ['create new']],
    ['the path itself', '.', ['create new', 'modify d/f', 'modify g']],
  ])('of %s looks there and below', async (_, path, expected) => {
    const backend = createManualBackend({ barrier: () => undefined });
    const { watcher, root, at } = scene({ backends: [backend] });
    mkdirSync(at('d'));
    for (const name of ['d/f', 'g']) writeFileSync(at(name), '');
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    for (const name of ['d/f', 'g', 'new']) appendFileSync(at(name), 'x');
    await watch.rescan(relative(process.cwd(), at(path)));
    expect(seen.take().toSorted()).toEqual(expected);
  });

  it('finds that a link on the way leads elsewhere', async () => {
    const { watcher, root, at } = scene();
    for (const name of ['one', 'two']) {
      mkdirSync(at(name));
      writeFileSync(at(name, name), '');
    }
    symlinkSync('one', at('link'));
    const watch = watcher.watch(at('link'));
    const seen = record(watch, root);
    await watch.ready;
    unlinkSync(at('link'));
    symlinkSync('two', at('link'));
    await watch.rescan(at('link', 'two'));
    expect(seen.take().toSorted()).toEqual(['create link/two', 'remove link/one', 'replace link']);
  });

  it('of a single file or a missing one looks at it', async () => {
    const { watcher, root, at } = scene();
    const watch = watcher.watch(at('f'));
    const seen = record(watch, root);
    await watch.ready;
    writeFileSync(at('f'), '');
    await watch.rescan();
    expect(seen.take()).toEqual(['create f']);
  });

  it.each(['..', '../elsewhere', '/'])('of %s, outside, is refused', async (path) => {
    const { watcher, at } = scene();
    mkdirSync(at('w'));
    const watch = watcher.watch(at('w'));
    await watch.ready;
    const outside = path === '/' ? path : at('w', path);
    await expect(watch.rescan(outside)).rejects.toThrow(
      new TypeError(`Option path must be a path inside ${at('w')}, got ${JSON.stringify(outside)}`),
    );
    await expect(watch.rescan(5 as never)).rejects.toThrow(TypeError);
  });

  it('resolves when the watch is closed', async () => {
    const { watcher, root } = scene();
    const watch = watcher.watch(root);
    const rescanned = watch.rescan();
    await watch.close();
    expect(await rescanned).toBeUndefined();
  });
});

describe('covered', () => {
  it('counts the directories that are watched, as they come and go', async () => {
    const { watcher, root, at } = scene();
    mkdirSync(at('a', 'b'), { recursive: true });
    const tree = watcher.watch(root, { recursive: true });
    const flat = watcher.watch(root);
    const file = watcher.watch(at('a', 'f'));
    await Promise.all([tree.ready, flat.ready, file.ready]);
    expect(tree.covered).toEqual({ directories: 3, uncovered: [] });
    expect(flat.covered).toEqual({ directories: 1, uncovered: [] });
    expect(file.covered).toEqual({ directories: 1, uncovered: [] });
    rmSync(at('a', 'b'), { recursive: true });
    await tree.flush();
    expect(tree.covered.directories).toBe(2);
  });

  it('names what cannot be read, in the spelling of the watch', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may read everything');
    const { watcher, at } = scene();
    mkdirSync(at('real', 'd'), { recursive: true });
    symlinkSync('real', at('link'));
    chmodSync(at('real', 'd'), 0);
    const watch = watcher.watch(at('link'), { recursive: true });
    await watch.ready;
    expect(watch.covered.uncovered).toEqual([at('link', 'd')]);
    chmodSync(at('real', 'd'), 0o700);
    await watch.flush();
    expect(watch.covered.uncovered).toEqual([]);
  });
});
