import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../src/testing/manual-clock.ts';
import type { Watch, WatchOptions } from '../src/watch.ts';
import { record, scene, type Record, type Scene } from './support/scene.ts';

const REST = 300;

interface Stage extends Scene {
  readonly clock: ManualClock;
  readonly watch: Watch;
  readonly seen: Record;
  /** Points at a path and lets some time pass. */
  readonly pass: (ms: number, ...names: readonly string[]) => Promise<void>;
}

async function stage(options: WatchOptions = {}): Promise<Stage> {
  const clock = createManualClock();
  const place = scene({ clock });
  writeFileSync(place.at('old'), 'x');
  const watch = place.watcher.watch(place.root, {
    recursive: true,
    stableWriteMs: REST,
    ...options,
  });
  const seen = record(watch, place.root);
  await watch.ready;
  const pass = async (ms: number, ...names: readonly string[]): Promise<void> => {
    for (const name of names) place.backend.touch(place.at(name));
    await clock.advance(ms);
  };
  return { ...place, clock, watch, seen, pass };
}

describe('a file that is being written', () => {
  it('is told as created once, after its last chunk', async () => {
    const { at, pass, seen } = await stage({ maxSettleMs: 100 });
    for (let chunk = 0; chunk < 50; chunk++) {
      appendFileSync(at('f'), 'x');
      await pass(20, 'f');
    }
    expect(seen.take()).toEqual([]);
    await pass(REST);
    expect(seen.batches.flatMap(({ changes }) => changes)).toMatchObject([
      { kind: 'create', after: { size: 50n } },
    ]);
  });

  it('is told as modified once it rests, with what it was before', async () => {
    const { at, pass, seen } = await stage();
    for (let chunk = 0; chunk < 3; chunk++) {
      appendFileSync(at('old'), 'x');
      await pass(200, 'old');
    }
    expect(seen.take()).toEqual([]);
    await pass(100);
    expect(seen.batches.flatMap(({ changes }) => changes)).toMatchObject([
      { kind: 'modify', before: { size: 1n }, after: { size: 4n } },
    ]);
  });

  it('is looked at once more: a backend that says little does not make it rest', async () => {
    const { at, pass, seen } = await stage();
    writeFileSync(at('f'), 'x');
    await pass(200, 'f');
    appendFileSync(at('f'), 'x');
    await pass(200);
    expect(seen.take()).toEqual([]);
    await pass(REST);
    expect(seen.batches.flatMap(({ changes }) => changes)).toMatchObject([
      { kind: 'create', after: { size: 2n } },
    ]);
  });

  it('rests while only its attributes change, and they are told with it', async () => {
    const { at, pass, seen } = await stage();
    writeFileSync(at('f'), 'x');
    await pass(200, 'f');
    chmodSync(at('f'), 0o600);
    await pass(100, 'f');
    expect(seen.batches.flatMap(({ changes }) => changes)).toMatchObject([
      { kind: 'create', after: { mode: 0o100600 } },
    ]);
  });

  it('that is removed is told at once, or never when it was not told before', async () => {
    const { at, pass, seen, clock } = await stage();
    writeFileSync(at('f'), 'x');
    appendFileSync(at('old'), 'x');
    await pass(10, 'f', 'old');
    unlinkSync(at('f'));
    unlinkSync(at('old'));
    await pass(0, 'f', 'old');
    expect(seen.take()).toEqual(['remove old']);
    expect(seen.batches[0]?.changes[0]?.before?.size).toBe(1n);
    await clock.advance(2 * REST);
    expect(seen.take()).toEqual([]);
  });

  it('is let out by a flush', async () => {
    const { at, watch, seen } = await stage();
    writeFileSync(at('f'), 'x');
    await watch.flush();
    expect(seen.take()).toEqual(['create f']);
  });

  it('does not hold back others, nor directories', async () => {
    const { at, pass, seen } = await stage();
    mkdirSync(at('d'));
    writeFileSync(at('d', 'f'), 'x');
    chmodSync(at('old'), 0o600);
    await pass(0, 'd', 'd/f', 'old');
    expect(seen.take()).toEqual(['create d', 'attributes old']);
    await pass(REST);
    expect(seen.take()).toEqual(['create d/f']);
  });

  it('that was only renamed is told at once where renames are paired', async () => {
    const { at, pass, seen } = await stage({ renames: 'pair' });
    renameSync(at('old'), at('new'));
    await pass(0, 'new', 'old');
    expect(seen.take()).toEqual(['rename new']);
    renameSync(at('new'), at('newer'));
    await pass(5, 'newer');
    await pass(0, 'new');
    expect(seen.take()).toEqual(['rename newer']);
  });

  it('is told at the start as it is', async () => {
    const clock = createManualClock();
    const { watcher, root, at } = scene({ clock });
    writeFileSync(at('f'), 'x');
    const watch = watcher.watch(root, { stableWriteMs: REST, initial: 'emit' });
    const seen = record(watch, root);
    await watch.ready;
    expect(seen.take()).toEqual(['create f']);
  });

  it('waits in order, each for itself, whatever their number', async () => {
    const { at, pass, seen } = await stage();
    const names = Array.from({ length: 200 }, (_, index) => `f${index}`);
    for (const name of names) writeFileSync(at(name), 'x');
    await pass(100, ...names.slice(0, 100));
    await pass(200, ...names.slice(100));
    expect(seen.take()).toHaveLength(100);
    await pass(100);
    expect(seen.take().toSorted()).toEqual(
      names
        .slice(100)
        .map((name) => `create ${name}`)
        .toSorted(),
    );
  });

  it('is forgotten when the watch is closed', async () => {
    const { at, pass, seen, watch } = await stage();
    writeFileSync(at('f'), 'x');
    await pass(10, 'f');
    await watch.close();
    await pass(2 * REST);
    expect(seen.take()).toEqual([]);
  });
});
