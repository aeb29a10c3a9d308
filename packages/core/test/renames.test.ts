import {
  appendFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RENAME_PAIR_MS } from '../src/batch-gate.ts';
import { createManualClock, type ManualClock } from '../src/testing/manual-clock.ts';
import type { Watch, WatchOptions } from '../src/watch.ts';
import { record, scene, type Record, type Scene } from './support/scene.ts';

interface Stage extends Scene {
  readonly clock: ManualClock;
  readonly watch: Watch;
  readonly seen: Record;
  /** Acts, and points at what was touched, in one turn. */
  readonly touch: (...names: readonly string[]) => void;
}

async function stage(
  prepare: (at: Scene['at']) => void,
  options: WatchOptions = {},
): Promise<Stage> {
  const clock = createManualClock();
  const place = scene({ clock });
  prepare(place.at);
  const watch = place.watcher.watch(place.root, { recursive: true, renames: 'pair', ...options });
  const seen = record(watch, place.root);
  await watch.ready;
  const touch = (...names: readonly string[]): void => {
    for (const name of names) place.backend.touch(place.at(name));
  };
  return { ...place, clock, watch, seen, touch };
}

/** Renames as `from > path`. */
function renamesOf({ batches }: Record, root: string): readonly string[] {
  return batches
    .flatMap(({ changes }) => changes)
    .filter(({ kind }) => kind === 'rename')
    .map(({ from, path }) => `${from?.slice(root.length + 1)} > ${path.slice(root.length + 1)}`);
}

describe('a watch that pairs renames', () => {
  it('tells both halves that come together at once, as one', async () => {
    const { at, touch, clock, seen, root } = await stage((name) => writeFileSync(name('a'), ''));
    renameSync(at('a'), at('b'));
    touch('a', 'b');
    await clock.advance(0);
    expect(renamesOf(seen, root)).toEqual(['a > b']);
    expect(seen.take()).toEqual(['rename b']);
  });

  it.each([
    ['old', 'new'],
    ['new', 'old'],
  ])('waits for the other half when the %s name is touched first', async (first, second) => {
    const { at, touch, clock, seen } = await stage((name) => writeFileSync(name('old'), ''));
    renameSync(at('old'), at('new'));
    touch(first);
    await clock.advance(RENAME_PAIR_MS - 10);
    expect(seen.take()).toEqual([]);
    touch(second);
    await clock.advance(0);
    expect(seen.take()).toEqual(['rename new']);
  });

  it('tells what stays half a rename after a bounded wait, in the order in which it came', async () => {
    const { at, touch, clock, seen } = await stage((name) => {
      for (const each of ['a', 'f']) writeFileSync(name(each), '');
    });
    unlinkSync(at('a'));
    touch('a');
    await clock.advance(RENAME_PAIR_MS / 2);
    for (let time = 0; time < RENAME_PAIR_MS; time += 5) {
      appendFileSync(at('f'), 'x');
      touch('f');
      await clock.advance(5);
    }
    expect(seen.batches[0]?.changes.map(({ kind }) => kind)).toEqual(['remove', 'modify']);
    expect(seen.batches.length).toBeGreaterThan(1);
  });

  it('does not let a change wait that is no half of a rename', async () => {
    const { at, touch, clock, seen } = await stage((name) => {
      writeFileSync(name('f'), '');
      writeFileSync(name('linked'), '');
      linkSync(name('linked'), name('other'));
    });
    appendFileSync(at('f'), 'x');
    unlinkSync(at('linked'));
    touch('f', 'linked');
    await clock.advance(0);
    expect(seen.take()).toEqual(['modify f', 'remove linked']);
  });

  it('never pairs a file with several links', async () => {
    const { at, touch, clock, seen } = await stage((name) => {
      writeFileSync(name('a'), '');
      linkSync(name('a'), name('z'));
    });
    renameSync(at('a'), at('b'));
    touch('a', 'b', 'z');
    await clock.advance(RENAME_PAIR_MS);
    expect(seen.take()).toEqual(['remove a', 'create b', 'attributes z']);
  });

  it('tells a directory once, and what is written below its new path as modified', async () => {
    const { at, watch, seen } = await stage((name) => {
      mkdirSync(name('d', 's'), { recursive: true });
      writeFileSync(name('d', 's', 'f'), '');
      writeFileSync(name('d', 'g'), '');
    });
    renameSync(at('d'), at('e'));
    appendFileSync(at('e', 'g'), 'x');
    await watch.flush();
    expect(seen.take()).toEqual(['rename e', 'modify e/g']);
    appendFileSync(at('e', 's', 'f'), 'x');
    await watch.flush();
    expect(seen.take()).toEqual(['modify e/s/f']);
  });

  it('folds a chain of renames, and one that was undone, over the time a batch settles', async () => {
    const { at, touch, clock, seen, root } = await stage(
      (name) => {
        for (const each of ['a', 'x']) writeFileSync(name(each), '');
      },
      { settleMs: 100 },
    );
    for (const [from, to] of [
      ['a', 'b'],
      ['x', 'y'],
      ['b', 'c'],
      ['y', 'x'],
    ] as const) {
      renameSync(at(from), at(to));
      touch(from, to);
      await clock.advance(20);
    }
    await clock.advance(100);
    expect(renamesOf(seen, root)).toEqual(['a > c']);
    expect(seen.take()).toEqual(['rename c']);
  });

  it('folds what an iterator has not read before it pairs', async () => {
    const { at, watch, root } = await stage((name) => writeFileSync(name('a'), ''));
    const iterator = watch[Symbol.asyncIterator]();
    for (const [from, to] of [
      ['a', 'b'],
      ['b', 'c'],
    ] as const) {
      renameSync(at(from), at(to));
      await watch.flush();
    }
    const { value } = await iterator.next();
    expect(value?.changes).toMatchObject([
      { kind: 'rename', from: `${root}/a`, path: `${root}/c` },
    ]);
    renameSync(at('c'), at('d'));
    await watch.flush();
    renameSync(at('d'), at('c'));
    await watch.flush();
    const next = iterator.next();
    writeFileSync(at('f'), '');
    await watch.flush();
    expect((await next).value?.changes).toMatchObject([{ kind: 'create', path: `${root}/f` }]);
  });

  it('tells two files that swapped as two replacements', async () => {
    const { at, watch, seen } = await stage((name) => {
      for (const each of ['a', 'b']) writeFileSync(name(each), each);
    });
    renameSync(at('a'), at('t'));
    renameSync(at('b'), at('a'));
    renameSync(at('t'), at('b'));
    await watch.flush();
    expect(seen.take().toSorted()).toEqual(['replace a', 'replace b']);
  });

  it('does not pair when it was not asked to', async () => {
    const { at, watch, seen } = await stage((name) => writeFileSync(name('a'), ''), {
      renames: 'split',
    });
    renameSync(at('a'), at('b'));
    await watch.flush();
    expect(seen.take()).toEqual(['remove a', 'create b']);
  });
});
