import { appendFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { record, scene } from './support/scene.ts';

describe('settling', () => {
  it('waits until it has been quiet, and tells once', async () => {
    const clock = createManualClock();
    const { watcher, backend, root, at } = scene({ clock });
    writeFileSync(at('f'), '');
    const watch = watcher.watch(at('f'), { settleMs: 50 });
    const seen = record(watch, root);
    await watch.ready;
    for (let step = 0; step < 3; step++) {
      appendFileSync(at('f'), 'x');
      backend.touch(at('f'));
      await clock.advance(40);
    }
    expect(seen.take()).toEqual([]);
    await clock.advance(10);
    expect(seen.take()).toEqual(['modify f']);
    expect(clock.pending).toBe(0);
  });

  it('tells a steady writer at the ceiling', async () => {
    const clock = createManualClock();
    const { watcher, backend, root, at } = scene({ clock });
    writeFileSync(at('f'), '');
    const watch = watcher.watch(at('f'), { settleMs: 50, maxSettleMs: 200 });
    const seen = record(watch, root);
    await watch.ready;
    const toldAt: number[] = [];
    watch.on('batch', () => toldAt.push(clock.now()));
    for (let time = 0; time < 1000; time += 20) {
      appendFileSync(at('f'), 'x');
      backend.touch(at('f'));
      await clock.advance(20);
    }
    const gaps = toldAt.map((time, index) => time - (toldAt[index - 1] ?? 0));
    expect(toldAt.length).toBeGreaterThanOrEqual(4);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(200 + 20);
    expect(seen.batches.map(({ sequence }) => sequence)).toEqual(
      toldAt.map((_, index) => index + 1),
    );
  });

  it('forgets what was undone meanwhile', async () => {
    const clock = createManualClock();
    const { watcher, backend, root, at } = scene({ clock });
    const watch = watcher.watch(at('f'), { settleMs: 50 });
    const seen = record(watch, root);
    await watch.ready;
    writeFileSync(at('f'), '');
    backend.touch(at('f'));
    await clock.advance(10);
    unlinkSync(at('f'));
    backend.touch(at('f'));
    await clock.advance(100);
    expect(seen.batches).toEqual([]);
  });

  it('tells a removal and a new file as a replacement', async () => {
    const clock = createManualClock();
    const { watcher, backend, root, at } = scene({ clock });
    writeFileSync(at('f'), '');
    const watch = watcher.watch(at('f'), { settleMs: 50 });
    const seen = record(watch, root);
    await watch.ready;
    unlinkSync(at('f'));
    backend.touch(at('f'));
    await clock.advance(10);
    writeFileSync(at('f'), '');
    backend.touch(at('f'));
    await clock.advance(60);
    expect(seen.take()).toEqual(['replace f']);
  });

  it('is cut short by flush, and forgotten by close', async () => {
    const clock = createManualClock();
    const { watcher, backend, root, at } = scene({ clock });
    writeFileSync(at('f'), '');
    const watch = watcher.watch(at('f'), { settleMs: 1000 });
    const seen = record(watch, root);
    await watch.ready;
    appendFileSync(at('f'), 'x');
    await watch.flush();
    expect(seen.take()).toEqual(['modify f']);
    appendFileSync(at('f'), 'x');
    backend.touch(at('f'));
    await expect.poll(() => clock.pending).toBe(1);
    await watch.close();
    expect(clock.pending).toBe(0);
    await clock.advance(2000);
    expect(seen.take()).toEqual([]);
  });
});

describe('iteration', () => {
  it('gives what came before it began, and ends when the watch closes', async () => {
    const { watcher, root, at } = scene();
    const watch = watcher.watch(root);
    await watch.ready;
    for (const name of ['a', 'b', 'c']) {
      writeFileSync(at(name), '');
      await watch.flush();
    }
    const iterator = watch[Symbol.asyncIterator]();
    const first = await iterator.next();
    expect(first.value?.changes.map(({ path }: { path: string }) => path)).toEqual([
      at('a'),
      at('b'),
      at('c'),
    ]);
    const next = iterator.next();
    await watch.close();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await watch[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  });

  it('merges what a slow reader has not read yet, and drops nothing', async () => {
    const { watcher, root, at } = scene();
    const watch = watcher.watch(root);
    await watch.ready;
    const iterator = watch[Symbol.asyncIterator]();
    for (let round = 0; round < 100; round++) {
      for (const name of ['a', 'b', 'c']) appendFileSync(at(name), 'x');
      await watch.flush();
    }
    const { value } = await iterator.next();
    expect(value?.sequence).toBe(1);
    expect(
      value?.changes.map(({ kind, after }: { kind: string; after: { size: bigint } | null }) => [
        kind,
        after?.size,
      ]),
    ).toEqual([
      ['create', 100n],
      ['create', 100n],
      ['create', 100n],
    ]);
  });

  it('serves several readers, and returning ends only one of them', async () => {
    const { watcher, root, at } = scene();
    const watch = watcher.watch(root);
    await watch.ready;
    const [left, right] = [watch[Symbol.asyncIterator](), watch[Symbol.asyncIterator]()];
    await left.return?.();
    writeFileSync(at('f'), '');
    await watch.flush();
    expect((await left.next()).done).toBe(true);
    expect((await right.next()).value?.changes).toHaveLength(1);
    expect(watch.state).toBe('live');
  });

  it('gives waiting readers one batch each', async () => {
    const { watcher, root, at } = scene();
    const watch = watcher.watch(root);
    await watch.ready;
    const iterator = watch[Symbol.asyncIterator]();
    const reads = [iterator.next(), iterator.next()];
    for (const name of ['a', 'b']) {
      writeFileSync(at(name), '');
      await watch.flush();
    }
    const batches = await Promise.all(reads);
    expect(batches.map(({ value }) => value?.sequence)).toEqual([1, 2]);
  });

  it('that ended early leaves the watch and what comes later to the next', async () => {
    const { watcher, root, at } = scene();
    const watch = watcher.watch(root);
    await watch.ready;
    for (const name of ['a', 'b']) {
      writeFileSync(at(name), '');
      await watch.flush();
      for await (const { sequence, changes } of watch) {
        expect(sequence).toBe(1);
        expect(changes.map(({ path }) => path)).toEqual([at(name)]);
        break;
      }
    }
    expect(watch.state).toBe('live');
  });

  it('ends without an error when the signal aborts, and drops what was not read', async () => {
    const { watcher, root, at } = scene();
    const controller = new AbortController();
    const watch = watcher.watch(root, { signal: controller.signal });
    await watch.ready;
    writeFileSync(at('a'), '');
    await watch.flush();
    const read: string[] = [];
    for await (const { changes } of watch) {
      read.push(...changes.map(({ path }) => path));
      writeFileSync(at('b'), '');
      await watch.flush();
      controller.abort();
    }
    expect(read).toEqual([at('a')]);
    expect(watch.state).toBe('closed');
  });
});
