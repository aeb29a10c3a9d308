import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Watch, WatchOptions } from '../src/watch.ts';
import { record, scene, type Scene } from './support/scene.ts';

const everything: WatchOptions = { recursive: true };

/** Takes a cursor of what a watch of a path finds, and closes it. */
async function cursorOf(
  { watcher }: Scene,
  path: string,
  options = everything,
): Promise<Uint8Array> {
  const watch = watcher.watch(path, options);
  await watch.ready;
  const cursor = await watch.cursor();
  await watch.close();
  return cursor;
}

/** What a later watch tells before it is ready, with the origins. */
async function resumed(
  place: Scene,
  path: string,
  options: WatchOptions,
): Promise<{ readonly told: readonly string[]; readonly watch: Watch; readonly batches: number }> {
  const watch = place.watcher.watch(path, options);
  const seen = record(watch, place.root);
  await watch.ready;
  const origins = seen.batches.flatMap(({ changes }) => changes.map(({ origin }) => origin));
  expect(origins.filter((origin) => origin !== 'resume')).toEqual([]);
  return { told: seen.take(), watch, batches: seen.batches.length };
}

describe('a watch that resumes', () => {
  it('tells exactly what changed while nobody watched, in one batch', async () => {
    const place = scene();
    const { at, root } = place;
    mkdirSync(at('d', 'e'), { recursive: true });
    for (const name of ['d/same', 'd/longer', 'd/gone', 'd/other', 'd/e/f']) {
      writeFileSync(at(name), name);
    }
    symlinkSync('d', at('link'));
    const since = await cursorOf(place, root);
    appendFileSync(at('d', 'longer'), 'x');
    unlinkSync(at('d', 'gone'));
    writeFileSync(at('new'), '');
    const { mtime } = statSync(at('d', 'other'));
    writeFileSync(at('d', 'twin'), 'd/other');
    utimesSync(at('d', 'twin'), mtime, mtime);
    renameSync(at('d', 'twin'), at('d', 'other'));
    rmSync(at('d', 'e'), { recursive: true });
    chmodSync(at('d'), 0o700);
    unlinkSync(at('link'));
    symlinkSync('new', at('link'));
    const { told, batches, watch } = await resumed(place, root, { ...everything, since });
    expect(told.toSorted()).toEqual([
      'attributes d',
      'create new',
      'modify d/longer',
      'remove d/e',
      'remove d/e/f',
      'remove d/gone',
      'replace d/other',
      'replace link',
    ]);
    expect(batches).toBe(1);
    appendFileSync(at('new'), 'x');
    await watch.flush();
    const again = await watch.cursor();
    expect((await resumed(place, root, { ...everything, since: again })).told).toEqual([]);
  });

  it('pairs what was renamed meanwhile', async () => {
    const place = scene();
    const { at, root } = place;
    mkdirSync(at('d'));
    for (const name of ['d/f', 'g']) writeFileSync(at(name), '');
    const since = await cursorOf(place, root);
    renameSync(at('d'), at('e'));
    renameSync(at('g'), at('h'));
    const options: WatchOptions = { ...everything, since, renames: 'pair' };
    const { told } = await resumed(place, root, options);
    expect(told.toSorted()).toEqual(['rename e', 'rename h']);
  });

  const fates: readonly [
    what: string,
    first: (p: string) => void,
    then: (p: string) => void,
    told: readonly string[],
  ][] = [
    ['a file that grew', (p) => writeFileSync(p, ''), (p) => appendFileSync(p, 'x'), ['modify w']],
    ['a file that went', (p) => writeFileSync(p, ''), (p) => unlinkSync(p), ['remove w']],
    ['a file that stayed', (p) => writeFileSync(p, ''), () => undefined, []],
    ['a path that came', () => undefined, (p) => writeFileSync(p, ''), ['create w']],
    ['a path that stayed away', () => undefined, () => undefined, []],
    [
      'a directory that came with all in it',
      () => undefined,
      (p) => {
        mkdirSync(p);
        writeFileSync(`${p}/f`, '');
      },
      ['create w', 'create w/f'],
    ],
    [
      'a directory that became a file',
      (p) => {
        mkdirSync(p);
        writeFileSync(`${p}/f`, '');
      },
      (p) => {
        rmSync(p, { recursive: true });
        writeFileSync(p, '');
      },
      ['remove w/f', 'replace w'],
    ],
    [
      'a link to a directory that was turned',
      (p) => {
        mkdirSync(`${p}1`);
        writeFileSync(`${p}1/a`, '');
        symlinkSync('w1', p);
      },
      (p) => {
        mkdirSync(`${p}2`);
        writeFileSync(`${p}2/b`, '');
        unlinkSync(p);
        symlinkSync('w2', p);
      },
      ['remove w/a', 'replace w', 'create w/b'],
    ],
  ];

  it.each(fates)('tells of %s', async (_, first, then, told) => {
    const place = scene();
    const path = place.at('w');
    first(path);
    const since = await cursorOf(place, path);
    then(path);
    expect((await resumed(place, path, { ...everything, since })).told).toEqual(told);
  });

  it('does not tell everything it finds, whatever `initial` says', async () => {
    const place = scene();
    writeFileSync(place.at('f'), '');
    const since = await cursorOf(place, place.root);
    writeFileSync(place.at('g'), '');
    const options: WatchOptions = { ...everything, since, initial: 'emit', stableWriteMs: 60_000 };
    expect((await resumed(place, place.root, options)).told).toEqual(['create g']);
  });
});

describe('a cursor', () => {
  it('does not hold what waits to settle or to rest', async () => {
    const place = scene();
    const { at, root, watcher, backend } = place;
    for (const name of ['a', 'b']) writeFileSync(at(name), '');
    for (const options of [{ settleMs: 60_000 }, { stableWriteMs: 60_000 }]) {
      const watch = watcher.watch(root, { ...everything, ...options });
      await watch.ready;
      for (const name of ['a', 'b']) appendFileSync(at(name), 'x');
      backend.touch(at('a'));
      const since = await watch.cursor();
      await watch.close();
      const { told, watch: later } = await resumed(place, root, { ...everything, since });
      expect(told.toSorted()).toEqual(['modify a', 'modify b']);
      await later.close();
    }
  });

  it('does not hold what an iterator was not asked for', async () => {
    const place = scene();
    const { at, root, watcher } = place;
    const watch = watcher.watch(root, everything);
    await watch.ready;
    const [slow, quick] = [watch[Symbol.asyncIterator](), watch[Symbol.asyncIterator]()];
    const cursors: Uint8Array[] = [];
    for (const name of ['a', 'b', 'c']) {
      writeFileSync(at(name), '');
      await watch.flush();
      await quick.next();
      if (name === 'a') await slow.next();
      cursors.push(await watch.cursor());
    }
    await slow.return?.();
    cursors.push(await watch.cursor());
    await watch.close();
    const told = [];
    for (const since of cursors)
      told.push((await resumed(place, root, { ...everything, since })).told);
    expect(told).toEqual([
      ['create b', 'create c'],
      ['create b', 'create c'],
      ['create b', 'create c'],
      [],
    ]);
  });

  it('says that not everything was told when what waited was too much', async () => {
    const place = scene();
    const { at, root, watcher } = place;
    const watch = watcher.watch(root, { ...everything, maxQueuedPaths: 1 });
    await watch.ready;
    for (const name of ['a', 'b']) writeFileSync(at(name), '');
    await watch.flush();
    const since = await watch.cursor();
    await watch.close();
    const later = watcher.watch(root, { ...everything, since });
    const seen = record(later, root);
    await later.ready;
    expect(seen.batches).toMatchObject([{ changes: [], repaired: { unsure: [root] } }]);
  });

  it('is of the moment it was asked for, whatever changes while it is written', async () => {
    const place = scene();
    const { at, root, watcher } = place;
    for (let index = 0; index < 500; index++) writeFileSync(at(`f${index}`), '');
    const watch = watcher.watch(root, everything);
    await watch.ready;
    const written = watch.cursor();
    for (let index = 0; index < 500; index += 3) unlinkSync(at(`f${index}`));
    for (let index = 1; index < 500; index += 3) appendFileSync(at(`f${index}`), 'x');
    for (let index = 0; index < 100; index++) writeFileSync(at(`new${index}`), '');
    await watch.flush();
    const since = await written;
    await watch.close();
    const { told } = await resumed(place, root, { ...everything, since });
    const kinds = told.map((one) => one.split(' ')[0]);
    expect(kinds.filter((kind) => kind === 'remove')).toHaveLength(167);
    expect(kinds.filter((kind) => kind === 'modify')).toHaveLength(167);
    expect(kinds.filter((kind) => kind === 'create')).toHaveLength(100);
  });

  it('waits until the watch was ready, and rejects when it is closed before', async () => {
    const { watcher, backend, root } = scene();
    const release = backend.holdOpens();
    const watch = watcher.watch(root);
    const cursor = watch.cursor();
    const other = watcher.watch(root, { recursive: true });
    const refused = other.cursor();
    await Promise.all([
      expect(refused).rejects.toMatchObject({ code: 'ERR_WATCH_CLOSED' }),
      other.close(),
    ]);
    release();
    expect((await cursor).length).toBeGreaterThan(8);
    await watch.close();
    await expect(watch.cursor()).rejects.toMatchObject({ code: 'ERR_WATCH_CLOSED' });
  });
});

describe('a cursor that cannot be used', () => {
  const broken: readonly [what: string, spoil: (cursor: Uint8Array) => Uint8Array, why: string][] =
    [
      ['empty', () => new Uint8Array(), 'is not a cursor'],
      ['garbage', () => Buffer.from('{"seq": 5, "and": "so on"}'), 'is not a cursor'],
      ['cut off', (cursor) => cursor.subarray(0, -3), 'is damaged or cut off'],
      [
        'changed in one bit',
        (cursor) => cursor.map((byte, at) => (at === 12 ? byte ^ 1 : byte)),
        'is damaged',
      ],
      [
        'of a later version',
        (cursor) => cursor.map((byte, at) => (at === 3 ? 2 : byte)),
        'has the version 2',
      ],
    ];

  async function refusal(place: Scene, path: string, options: WatchOptions): Promise<unknown> {
    const watch = place.watcher.watch(path, options);
    const seen = record(watch, place.root);
    const error = await watch.ready.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(watch.state).toBe('closed');
    expect(seen.batches).toEqual([]);
    expect(seen.problems).toEqual([error]);
    expect(place.watcher.stats()).toMatchObject({ watches: 0, subscriptions: 0 });
    return error;
  }

  it.each(broken)('because it is %s closes the watch and tells nothing', async (_, spoil, why) => {
    const place = scene();
    writeFileSync(place.at('f'), '');
    const since = spoil(await cursorOf(place, place.root));
    unlinkSync(place.at('f'));
    expect(await refusal(place, place.root, { ...everything, since })).toMatchObject({
      code: 'ERR_WATCH_CURSOR_INVALID',
      message: expect.stringContaining(why),
      remedy: expect.stringContaining('since'),
    });
  });

  it('because it is of another path or of other options does so too', async () => {
    const place = scene();
    const { at, root } = place;
    mkdirSync(at('d'));
    const since = await cursorOf(place, root);
    const code = 'ERR_WATCH_CURSOR_INVALID';
    expect(await refusal(place, at('d'), { ...everything, since })).toMatchObject({
      code,
      message: expect.stringContaining(`is of ${root}`),
    });
    expect(await refusal(place, root, { since })).toMatchObject({ code });
    const self: WatchOptions = { ...everything, since, symlinks: 'self' };
    expect(await refusal(place, root, self)).toMatchObject({ code });
  });
});
