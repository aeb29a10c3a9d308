import {
  appendFileSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { record, scene } from './support/scene.ts';

describe('one touch while nothing else is under way', () => {
  it('is told within the call that brought it', async () => {
    const { watcher, backend, root, at } = scene();
    writeFileSync(at('f'), '');
    const seen = record(watcher.watch(at('f')), root);
    await watcher.watch(at('f')).ready;
    for (let round = 1; round <= 3; round++) {
      appendFileSync(at('f'), 'x');
      backend.touch(at('f'));
      expect(seen.take()).toEqual(['modify f']);
      expect(seen.batches.map(({ sequence }) => sequence).at(-1)).toBe(round);
    }
    backend.touch(at('f'));
    expect(seen.take()).toEqual([]);
  });

  it('lets its listener be touched again: that is told afterwards, in order', async () => {
    const { watcher, backend, root, at } = scene();
    for (const name of ['a', 'b']) writeFileSync(at(name), '');
    const watch = watcher.watch(root);
    let depth = 0;
    let deepest = 0;
    watch.on('batch', ({ sequence }) => {
      deepest = Math.max(deepest, ++depth);
      if (sequence === 1) {
        appendFileSync(at('b'), 'x');
        backend.touch(at('b'));
      }
      depth--;
    });
    const seen = record(watch, root);
    await watch.ready;
    appendFileSync(at('a'), 'x');
    backend.touch(at('a'));
    expect(await seen.next(2)).toEqual(['modify a', 'modify b']);
    expect(deepest).toBe(1);
  });

  it('lets its listener close the watch, and nobody is told after that', async () => {
    const { watcher, backend, root, at } = scene();
    writeFileSync(at('f'), '');
    const watch = watcher.watch(at('f'));
    const other = record(watcher.watch(at('f')), root);
    let closing: Promise<void> | undefined;
    watch.on('batch', () => {
      closing = watch.close();
    });
    const late = record(watch, root);
    await watch.ready;
    appendFileSync(at('f'), 'x');
    backend.touch(at('f'));
    await closing;
    expect(late.take()).toEqual([]);
    expect(other.take()).toEqual(['modify f']);
    appendFileSync(at('f'), 'x');
    backend.touch(at('f'));
    expect(other.take()).toEqual(['modify f']);
  });

  it('lets its listener close the whole watcher', async () => {
    const { watcher, backend, at } = scene();
    writeFileSync(at('f'), '');
    const watch = watcher.watch(at('f'));
    let closing: Promise<void> | undefined;
    watch.on('batch', () => {
      closing = watcher.close();
    });
    await watch.ready;
    appendFileSync(at('f'), 'x');
    backend.touch(at('f'));
    await closing;
    expect(backend.active).toEqual([]);
  });

  it('lets its listener watch the same place, flush and throw', async () => {
    const { watcher, backend, root, at } = scene();
    writeFileSync(at('f'), '');
    const watch = watcher.watch(at('f'));
    const seen = record(watch, root);
    let flushed: Promise<void> | undefined;
    let second: ReturnType<typeof record> | undefined;
    watch.on('batch', ({ sequence }) => {
      if (sequence > 1) return;
      flushed = watch.flush();
      second = record(watcher.watch(at('f')), root);
      throw new Error('from the listener');
    });
    await watch.ready;
    appendFileSync(at('f'), 'x');
    backend.touch(at('f'));
    await flushed;
    expect(seen.problems.map(({ code }) => code)).toEqual(['ERR_WATCH_LISTENER']);
    appendFileSync(at('f'), 'x');
    backend.touch(at('f'));
    expect(seen.take()).toEqual(['modify f', 'modify f']);
    expect(second?.take()).toEqual(['modify f']);
  });

  it('waits behind what is being read as a whole', async () => {
    const { watcher, backend, root, at } = scene();
    writeFileSync(at('f'), '');
    const watch = watcher.watch(at('f'));
    const seen = record(watch, root);
    await watch.ready;
    appendFileSync(at('f'), 'x');
    backend.lose();
    backend.touch(at('f'));
    expect(seen.take()).toEqual([]);
    await watch.flush();
    expect(seen.take()).toEqual(['modify f']);
    expect(seen.batches.at(-1)?.repaired?.why).toBe('overflow');
  });
});

describe('names that join a directory while it is being opened', () => {
  it('are what they are once it is open: file, missing, directory, link', async () => {
    const { watcher, backend, root, at } = scene();
    for (const name of ['first', 'file', 'aim', 'late']) writeFileSync(at(name), '');
    mkdirSync(at('dir'));
    symlinkSync('aim', at('link'));
    const names = ['first', 'file', 'missing', 'dir', 'link', 'late'];
    const release = backend.holdOpens();
    const watches = names.map((name) => watcher.watch(at(name)));
    const seen = watches.map((watch) => record(watch, root));
    await expect.poll(() => backend.heldOpens).toBeGreaterThan(0);
    unlinkSync(at('late'));
    release();
    await Promise.all(watches.map((watch) => watch.ready));
    for (const name of ['file', 'missing', 'aim', 'dir/inside']) {
      appendFileSync(at(name), 'x');
      backend.touch(at(name));
    }
    renameSync(at('first'), at('late'));
    for (const name of ['first', 'late']) backend.touch(at(name));
    await Promise.all(watches.map((watch) => watch.flush()));
    expect(seen.map((record) => record.take())).toEqual([
      ['remove first'],
      ['modify file'],
      ['create missing'],
      ['create dir/inside'],
      ['modify link'],
      ['create late'],
    ]);
  });

  it('are not taken for absent when they cannot be looked at', async () => {
    const { watcher, root, at } = scene();
    writeFileSync(at('first'), '');
    const first = watcher.watch(at('first'));
    const watch = watcher.watch(at('n'.repeat(300)), { initial: 'emit' });
    const seen = record(watch, root);
    await Promise.all([first.ready, watch.ready]);
    expect(watch.state).toBe('degraded');
    await expect.poll(() => seen.problems.map(({ code }) => code)).toContain('ERR_WATCH_IO');
    expect(seen.take()).toEqual([]);
  });

  it('go on when the one that came first leaves', async () => {
    const { watcher, backend, root, at } = scene();
    for (const name of ['a', 'b']) writeFileSync(at(name), '');
    const release = backend.holdOpens();
    const first = watcher.watch(at('a'));
    const second = watcher.watch(at('b'), { initial: 'emit' });
    const seen = record(second, root);
    await expect.poll(() => backend.heldOpens).toBeGreaterThan(0);
    const closed = first.close();
    release();
    await Promise.all([closed, second.ready]);
    expect(seen.take()).toEqual(['create b']);
  });
});

describe('the ready of a watch', () => {
  it('stays resolved after the watch failed or was closed', async () => {
    const { watcher, at } = scene();
    writeFileSync(at('f'), '');
    const watch = watcher.watch(at('f'));
    await watch.ready;
    await watch.close();
    await expect(watch.ready).resolves.toBeUndefined();
  });
});
