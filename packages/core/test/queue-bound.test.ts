import { appendFileSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BatchContents } from '../src/batch-contents.ts';
import { BatchIterator } from '../src/batch-iterator.ts';
import type { Change } from '../src/change.ts';
import { record, scene } from './support/scene.ts';
import { stat } from './support/stat.ts';

function change(kind: Change['kind'], path: string, size = 1n): Change {
  const before = kind === 'create' ? null : stat();
  return { kind, path, before, after: kind === 'remove' ? null : stat({ size }), origin: 'event' };
}

function bound(maxQueuedPaths: number, overflowed: () => void = () => undefined) {
  return { maxQueuedPaths, overflow: { under: ['w'], why: 'overflow', unsure: ['w'] }, overflowed };
}

describe('an iterator that is not read', () => {
  it('holds one change per path, with the final state, however many come', async () => {
    const iterator = new BatchIterator(bound(1000), false, () => undefined);
    for (let round = 1; round <= 100; round++) {
      const changes = Array.from({ length: 1000 }, (_, index) =>
        change('modify', `p${index}`, BigInt(round)),
      );
      iterator.push({ changes }, round);
      expect([...iterator.backlog.changes]).toHaveLength(1000);
    }
    const { value } = await iterator.next();
    expect(value?.changes).toHaveLength(1000);
    expect(new Set(value?.changes.map(({ after }) => after?.size))).toEqual(new Set([100n]));
    expect(value?.repaired).toBeUndefined();
  });
});

describe('changes that are more than may wait', () => {
  it('become one repair, which stands for all that follow until it is taken', () => {
    let overflows = 0;
    const contents = new BatchContents(bound(2, () => overflows++));
    for (const path of ['a', 'b', 'a']) contents.add(change('modify', path));
    expect(overflows).toBe(0);
    for (const path of ['c', 'd', 'e', 'f']) contents.add(change('modify', path));
    expect(overflows).toBe(1);
    expect(contents.collapsed).toBe(true);
    expect(contents.take()).toEqual({
      changes: [],
      repaired: { under: ['w'], why: 'overflow', unsure: ['w'] },
      collapsed: true,
    });
    contents.add(change('modify', 'a'));
    expect(contents.take().changes).toHaveLength(1);
  });

  it('are one problem until the repair was read, however many bursts come', async () => {
    const { watcher, backend, root, at } = scene();
    const watch = watcher.watch(root, { maxQueuedPaths: 2 });
    const problems: string[] = [];
    watch.on('problem', ({ code }) => void problems.push(code));
    const iterator = watch[Symbol.asyncIterator]();
    await watch.ready;
    const burst = async (name: string): Promise<void> => {
      for (let file = 0; file < 5; file++) writeFileSync(at(name + file), '');
      backend.lose('overflow', root);
      await watch.flush();
    };
    for (const name of ['a', 'b', 'c']) {
      writeFileSync(at(name), '');
      backend.touch(at(name));
    }
    for (const name of ['x', 'y']) await burst(name);
    expect(problems).toEqual(['ERR_WATCH_QUEUE_FULL']);
    expect((await iterator.next()).value?.repaired?.why).toBe('overflow');
    await burst('z');
    expect(problems).toEqual(['ERR_WATCH_QUEUE_FULL', 'ERR_WATCH_QUEUE_FULL']);
  });

  it('make what an iterator already holds part of the repair', async () => {
    const iterator = new BatchIterator(bound(5), false, () => undefined);
    const contents = new BatchContents(bound(1));
    iterator.push({ changes: [change('create', 'a')] }, 1);
    for (const path of ['b', 'c']) contents.add(change('create', path));
    iterator.push(contents.take(), 2);
    iterator.push({ changes: [change('remove', 'b')] }, 3);
    expect((await iterator.next()).value).toMatchObject({
      changes: [],
      repaired: { unsure: ['w'] },
    });
  });
});

describe('a watch whose consumer is too slow', () => {
  it('tells one batch without changes and one problem with a remedy, then goes on', async () => {
    const { watcher, root, at } = scene();
    mkdirSync(at('w'));
    const watch = watcher.watch(at('w'), { maxQueuedPaths: 3 });
    const problems: unknown[] = [];
    watch.on('problem', (problem) => problems.push(problem));
    await watch.ready;
    const iterator = watch[Symbol.asyncIterator]();
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      writeFileSync(at('w', name), '');
      await watch.flush();
    }
    expect(problems).toMatchObject([
      {
        code: 'ERR_WATCH_QUEUE_FULL',
        effect: 'noted',
        paths: [at('w')],
        remedy: expect.stringContaining('maxQueuedPaths'),
      },
    ]);
    expect((await iterator.next()).value).toEqual({
      sequence: 1,
      changes: [],
      repaired: { under: [at('w')], why: 'overflow', unsure: [at('w')] },
    });
    unlinkSync(at('w', 'a'));
    await watch.flush();
    expect((await iterator.next()).value?.changes).toMatchObject([
      { kind: 'remove', path: `${root}/w/a` },
    ]);
  });

  it('keeps the listeners of the same watch up to date', async () => {
    const { watcher, root, at } = scene();
    const watch = watcher.watch(root, { maxQueuedPaths: 2 });
    const seen = record(watch, root);
    await watch.ready;
    const iterator = watch[Symbol.asyncIterator]();
    for (const name of ['a', 'b', 'c']) {
      writeFileSync(at(name), '');
      await watch.flush();
    }
    expect(seen.take()).toEqual(['create a', 'create b', 'create c']);
    expect((await iterator.next()).value?.changes).toEqual([]);
  });

  it('says so also before anybody has asked for batches, and of one turn alone', async () => {
    const { watcher, root, at } = scene();
    for (const name of ['a', 'b', 'c']) writeFileSync(at(name), '');
    const watch = watcher.watch(root, { initial: 'emit', maxQueuedPaths: 2 });
    await watch.ready;
    const seen = record(watch, root);
    await expect.poll(() => seen.batches.length).toBe(1);
    expect(seen.batches).toMatchObject([{ changes: [], repaired: { unsure: [root] } }]);
    expect(watcher.stats().entries).toBe(3);
  });

  it('counts each path once', async () => {
    const { watcher, root, at } = scene();
    for (const name of ['a', 'b']) writeFileSync(at(name), '');
    const watch = watcher.watch(root, { maxQueuedPaths: 2 });
    await watch.ready;
    const iterator = watch[Symbol.asyncIterator]();
    for (let round = 0; round < 5; round++) {
      for (const name of ['a', 'b']) appendFileSync(at(name), 'x');
      await watch.flush();
    }
    expect((await iterator.next()).value?.changes).toHaveLength(2);
  });

  it('collapse while files rest, too', async () => {
    const { watcher, backend, root, at } = scene();
    const watch = watcher.watch(root, { stableWriteMs: 60_000, maxQueuedPaths: 2 });
    const seen = record(watch, root);
    await watch.ready;
    for (const name of ['a', 'b', 'c']) {
      writeFileSync(at(name), '');
      backend.touch(at(name));
    }
    await expect.poll(() => seen.batches.length).toBe(1);
    expect(seen.batches[0]).toMatchObject({ changes: [], repaired: { why: 'overflow' } });
    expect(seen.problems.map(({ code }) => code)).toEqual(['ERR_WATCH_QUEUE_FULL']);
  });

  it('are told one by one when they are found at the start', async () => {
    const { watcher, root, at } = scene();
    for (const name of ['a', 'b', 'c']) writeFileSync(at(name), '');
    const watch = watcher.watch(root, { initial: 'emit', maxQueuedPaths: 2 });
    const seen = record(watch, root);
    await watch.ready;
    expect(seen.take().toSorted()).toEqual(['create a', 'create b', 'create c']);
    expect(seen.problems).toEqual([]);
  });
});
