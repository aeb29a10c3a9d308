import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { record, scene } from './support/scene.ts';

const steps: readonly [title: string, act: (path: string) => void, told: readonly string[]][] = [
  ['nothing', () => undefined, []],
  ['a read', (path) => void readFileSync(path), []],
  ['an append', (path) => appendFileSync(path, 'more'), ['modify f']],
  ['a truncation', (path) => truncateSync(path, 0), ['modify f']],
  ['other bytes of the same length', (path) => writeFileSync(path, 'TEXT'), ['modify f']],
  ['an older mtime', (path) => utimesSync(path, 1, 1), ['modify f']],
  ['a mode', (path) => chmodSync(path, 0o600), ['attributes f']],
  ['a hard link', (path) => linkSync(path, `${path}2`), ['attributes f']],
  ['a removal', (path) => unlinkSync(path), ['remove f']],
  [
    'an atomic save',
    (path) => {
      writeFileSync(`${path}.tmp`, 'new');
      renameSync(`${path}.tmp`, path);
    },
    ['replace f'],
  ],
  [
    'a removal and a new file of that name',
    (path) => {
      unlinkSync(path);
      writeFileSync(path, 'text');
    },
    ['replace f'],
  ],
  [
    'a move away and back',
    (path) => {
      renameSync(path, `${path}~`);
      renameSync(`${path}~`, path);
    },
    ['attributes f'],
  ],
];

describe('a watch of a file', () => {
  it.each(steps)('tells of %s', async (_, act, told) => {
    const { watcher, root, at } = scene();
    writeFileSync(at('f'), 'text');
    const watch = watcher.watch(at('f'));
    const seen = record(watch, root);
    await watch.ready;
    act(at('f'));
    await watch.flush();
    expect(seen.take()).toEqual(told);
    expect(seen.problems).toEqual([]);
  });

  it('tells nothing of what was there before, and everything as created when asked to', async () => {
    const { watcher, root, at } = scene();
    writeFileSync(at('f'), 'text');
    const quiet = watcher.watch(at('f'));
    const emitting = watcher.watch(at('f'), { initial: 'emit' });
    const [seenQuiet, seenEmitting] = [record(quiet, root), record(emitting, root)];
    await Promise.all([quiet.ready, emitting.ready]);
    expect(seenQuiet.take()).toEqual([]);
    expect(seenEmitting.take()).toEqual(['create f']);
    expect(seenEmitting.batches[0]?.changes[0]?.origin).toBe('initial');
  });

  it('gives the stat before and after, with exact sizes', async () => {
    const { watcher, root, at } = scene();
    writeFileSync(at('f'), 'text');
    const watch = watcher.watch(at('f'));
    const seen = record(watch, root);
    await watch.ready;
    truncateSync(at('f'), 5 * 2 ** 30);
    await watch.flush();
    expect(seen.batches[0]?.changes[0]).toMatchObject({
      before: { size: 4n, type: 'file' },
      after: { size: 5n * 2n ** 30n, ino: statSync(at('f'), { bigint: true }).ino },
    });
  });

  it('tells of a name that comes and goes again and again, for each of several watches', async () => {
    const { watcher, root, at } = scene();
    const names = ['a', 'b', 'c'];
    const watches = names.map((name) => watcher.watch(at(name)));
    const seen = watches.map((watch) => record(watch, root));
    await Promise.all(watches.map(({ ready }) => ready));
    for (const [index, name] of names.entries()) {
      for (let round = 0; round < 2; round++) {
        writeFileSync(at(name), 'x');
        await watches[index]!.flush();
        unlinkSync(at(name));
        await watches[index]!.flush();
      }
      expect(seen[index]!.take()).toEqual(
        Array.from({ length: 2 }, () => [`create ${name}`, `remove ${name}`]).flat(),
      );
    }
  });

  it('says nothing of its neighbours', async () => {
    const { watcher, backend, root, at } = scene();
    writeFileSync(at('f'), 'text');
    const watch = watcher.watch(at('f'));
    const seen = record(watch, root);
    await watch.ready;
    writeFileSync(at('g'), 'text');
    expect(backend.touch(at('g'))).toBe(0);
    await watch.flush();
    expect(seen.take()).toEqual([]);
  });

  it('delivers a touched change at the end of the turn', async () => {
    const { watcher, backend, root, at } = scene();
    writeFileSync(at('f'), 'text');
    const watch = watcher.watch(at('f'));
    const seen = record(watch, root);
    await watch.ready;
    appendFileSync(at('f'), 'more');
    backend.touch(at('f'));
    await Promise.resolve();
    expect(seen.take()).toEqual(['modify f']);
    expect(seen.batches[0]?.changes[0]?.origin).toBe('event');
  });

  it('believes the disk and not the hint of a touch', async () => {
    const { watcher, backend, root, at } = scene();
    writeFileSync(at('f'), 'text');
    const watch = watcher.watch(at('f'));
    const seen = record(watch, root);
    await watch.ready;
    backend.touch(at('f'), { hint: 'removed' });
    backend.touch(at('f'), { hint: 'created' });
    await watch.flush();
    expect(seen.take()).toEqual([]);
  });

  it('follows a name from file to directory and back', async () => {
    const { watcher, root, at } = scene();
    writeFileSync(at('f'), 'text');
    const watch = watcher.watch(at('f'));
    const seen = record(watch, root);
    await watch.ready;
    unlinkSync(at('f'));
    mkdirSync(at('f'));
    writeFileSync(at('f', 'inside'), '');
    await watch.flush();
    expect(seen.take()).toEqual(['replace f', 'create f/inside']);
    unlinkSync(at('f', 'inside'));
    rmdirSync(at('f'));
    writeFileSync(at('f'), 'again');
    await watch.flush();
    expect(seen.take()).toEqual(['remove f/inside', 'replace f']);
    appendFileSync(at('f'), 'more');
    await watch.flush();
    expect(seen.take()).toEqual(['modify f']);
  });
});
