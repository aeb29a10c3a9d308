import { appendFileSync, mkdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MIN_AUTO_AUDIT_MS } from '../src/audit-budget.ts';
import type { Capabilities, Touch } from '../src/backend.ts';
import { wasBurst } from '../src/burst.ts';
import { BEAT_MS } from '../src/heartbeat.ts';
import { MAX_GRACE_MS } from '../src/scope-care.ts';
import { MAX_QUIET_MS } from '../src/suspicions.ts';
import { createManualBackend } from '../src/testing/manual-backend.ts';
import { createManualClock, type ManualClock } from '../src/testing/manual-clock.ts';
import type { WatchOptions } from '../src/watch.ts';
import { record, scene, type Record as Seen, type Scene } from './support/scene.ts';

const STALLED_MS = 5000;

interface Watched extends Scene {
  readonly clock: ManualClock;
  readonly seen: Seen;
}

/** Watches a directory with a file `f` through a backend that may lose evidence without a word. */
async function watched(options: WatchOptions = {}, barrier?: () => void): Promise<Watched> {
  const clock = createManualClock();
  const backend = createManualBackend({
    capabilities: { loss: 'silent', worstLatencyMs: 100 },
    ...(barrier === undefined ? {} : { barrier }),
  });
  const set = scene({ backends: [backend], clock });
  for (const name of ['f', 'g', 'gone']) writeFileSync(set.at(name), '');
  const watch = set.watcher.watch(set.root, { recursive: true, ...options });
  const seen = record(watch, set.root);
  await watch.ready;
  return { ...set, backend, clock, seen };
}

/** Changes things and touches nothing. */
function changeUnseen({ at }: Scene): void {
  appendFileSync(at('f'), 'x');
  unlinkSync(at('gone'));
  mkdirSync(at('d'));
  writeFileSync(at('d', 'new'), '');
}

const changes = ['remove gone', 'create d', 'create d/new', 'modify f'];

describe('a change that a silent backend lost', () => {
  it('is found by an audit in less than 5 s, and told with all others as one repair', async () => {
    const { clock, seen, watcher, root, at, backend } = await watched();
    changeUnseen({ at, root, backend, watcher });
    await clock.advance(MIN_AUTO_AUDIT_MS + BEAT_MS);
    expect(seen.batches).toEqual([]);
    await clock.advance(MAX_GRACE_MS);
    await expect.poll(() => seen.batches.length).toBe(1);
    expect(seen.take()).toEqual(changes);
    expect(seen.batches[0]?.repaired).toEqual({ under: [root], why: 'unknown', unsure: [] });
    expect(watcher.stats().repairs).toBe(1);
    expect(seen.problems).toEqual([]);
  });

  it('is found of single files, present or not', async () => {
    const clock = createManualClock();
    const backend = createManualBackend({ capabilities: { loss: 'silent' } });
    const { watcher, root, at } = scene({ backends: [backend], clock });
    writeFileSync(at('f'), '');
    const seen = ['f', 'missing', 'same'].map((name) => record(watcher.watch(at(name)), root));
    await expect.poll(() => watcher.stats().subscriptions).toBe(1);
    await expect.poll(() => seen.map(({ states }) => states.at(-1))).toEqual(Array(3).fill('live'));
    appendFileSync(at('f'), 'x');
    writeFileSync(at('missing'), '');
    await clock.advance(MIN_AUTO_AUDIT_MS + BEAT_MS + MAX_GRACE_MS);
    await expect.poll(() => seen[1]?.batches.length).toBe(1);
    expect(seen.map((one) => one.take())).toEqual([['modify f'], ['create missing'], []]);
  });

  it('is no loss when the touch was only under way', async () => {
    const { clock, seen, watcher, backend, at } = await watched();
    appendFileSync(at('f'), 'x');
    await clock.advance(MIN_AUTO_AUDIT_MS + BEAT_MS);
    backend.touch(at('f'));
    await clock.advance(MAX_GRACE_MS * 2);
    expect(seen.take()).toEqual(['modify f']);
    expect(seen.batches.map(({ repaired }) => repaired)).toEqual([undefined]);
    expect(watcher.stats().repairs).toBe(0);
  });

  it('is left alone where no audit is wanted, but not after a stall', async () => {
    const { clock, seen, at } = await watched({ auditIntervalMs: 0 });
    appendFileSync(at('f'), 'x');
    await clock.advance(600_000);
    expect(seen.batches).toEqual([]);
    clock.block(STALLED_MS);
    await clock.advance(MAX_QUIET_MS);
    expect(await seen.next(1)).toEqual(['modify f']);
  });

  it('is found as often as somebody asks for, also where losses are reported', async () => {
    const clock = createManualClock();
    const { watcher, root, at } = scene({ clock });
    writeFileSync(at('f'), '');
    const watch = watcher.watch(root, { auditIntervalMs: 1000 });
    const seen = record(watch, root);
    await watch.ready;
    appendFileSync(at('f'), 'x');
    await clock.advance(1000 + BEAT_MS + MAX_GRACE_MS);
    expect(await seen.next(1)).toEqual(['modify f']);
  });

  it('is told before a flush is over although the barrier was kept', async () => {
    const { seen, watcher, at } = await watched({}, () => undefined);
    const watch = watcher.watch(at('g'));
    await watch.ready;
    const one = record(watch, at());
    for (const name of ['f', 'g']) appendFileSync(at(name), 'x');
    await watch.flush();
    expect(one.take()).toEqual(['modify g']);
    expect(seen.take()).toEqual([]);
  });
});

describe('a change that a backend does not promise to tell', () => {
  it.each<Partial<Capabilities>>([
    { newDirectories: 'gap' },
    { movedDirectories: 'stale' },
    { rootRemoval: 'silent' },
    { openFileAppends: 'on-close' },
    { foreignWrites: 'unknown' },
  ])('is found by an audit, and by every flush: %o', async (capabilities) => {
    const clock = createManualClock();
    const backend = createManualBackend({ capabilities, barrier: () => undefined });
    const { watcher, root, at } = scene({ backends: [backend], clock });
    writeFileSync(at('f'), '');
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    appendFileSync(at('f'), 'x');
    await watch.flush();
    expect(seen.take()).toEqual(['modify f']);
    appendFileSync(at('f'), 'x');
    await clock.advance(MIN_AUTO_AUDIT_MS + BEAT_MS + MAX_GRACE_MS);
    expect(await seen.next(1)).toEqual(['modify f']);
  });
});

describe('nothing looks after a watch', () => {
  it('whose backend reports every loss, or that was closed', async () => {
    const clock = createManualClock();
    const { watcher, root } = scene({ clock });
    await watcher.watch(root).ready;
    expect(clock.pending).toBe(0);
    const silent = await watched();
    expect(silent.clock.pending).toBe(1);
    await silent.watcher.close();
    expect(silent.clock.pending).toBe(0);
  });
});

describe('after a stall', () => {
  it('what differs is told as one repair', async () => {
    const { clock, seen, watcher, root, at, backend } = await watched();
    changeUnseen({ at, root, backend, watcher });
    clock.block(STALLED_MS);
    await clock.advance(MAX_QUIET_MS);
    await expect.poll(() => seen.batches.length).toBe(1);
    expect(seen.take()).toEqual(changes);
    expect(seen.batches[0]?.repaired).toMatchObject({ under: [root], why: 'stall' });
  });

  it('nothing is told when nothing differs, or the machine only slept', async () => {
    const { clock, seen, watcher } = await watched();
    clock.sleep(3_600_000);
    await clock.advance(BEAT_MS + MAX_QUIET_MS);
    await expect.poll(() => watcher.stats().audits).toBe(1);
    await clock.advance(MAX_QUIET_MS);
    expect(seen.batches).toEqual([]);
    expect(watcher.stats().repairs).toBe(0);
  });

  it('what is hot is looked at first, at once', async () => {
    const { clock, seen, watcher, root, at } = await watched();
    const hot = watcher.watch(at('g'), { hot: true });
    const tailed = record(hot, root);
    await hot.ready;
    for (const name of ['f', 'g']) appendFileSync(at(name), 'x');
    clock.block(STALLED_MS);
    await clock.advance(0);
    expect(await tailed.next(1)).toEqual(['modify g']);
    expect(seen.batches).toEqual([]);
    await clock.advance(MAX_QUIET_MS);
    expect(await seen.next(2)).toEqual(['modify f', 'modify g']);
  });

  it('a flush does not wait until it is quiet', async () => {
    const { clock, seen, watcher, root, at } = await watched();
    const watch = watcher.watch(root, { recursive: true });
    await watch.ready;
    appendFileSync(at('f'), 'x');
    clock.block(STALLED_MS);
    await clock.advance(0);
    await watch.flush();
    expect(seen.take()).toEqual(['modify f']);
    expect(seen.batches[0]?.repaired?.why).toBe('stall');
    await clock.advance(MAX_QUIET_MS * 2);
    expect(seen.batches).toHaveLength(1);
    expect(watcher.stats().repairs).toBe(1);
  });
});

describe('after a burst', () => {
  it('that comes near what the kernel can queue, what it may have dropped is looked for', async () => {
    const { clock, seen, backend, root, at } = await watched();
    await clock.advance(BEAT_MS);
    appendFileSync(at('f'), 'x');
    let length = 1;
    while (!wasBurst(length)) length *= 2;
    const touch: Touch = { path: at('g') as Touch['path'], reach: 'entry' };
    backend.active[0]?.sink.touched(Array.from({ length }, () => touch));
    await clock.advance(BEAT_MS + MAX_QUIET_MS);
    expect(await seen.next(1)).toEqual(['modify f']);
    expect(seen.batches.at(-1)?.repaired).toMatchObject({ under: [root], why: 'overflow' });
  });
});

describe('the root', () => {
  it('that vanished without a word is found to be gone', async () => {
    const { clock, seen, root } = await watched();
    rmSync(root, { recursive: true });
    await clock.advance(MIN_AUTO_AUDIT_MS + BEAT_MS + MAX_GRACE_MS);
    expect(await seen.next(4)).toEqual(['remove f', 'remove g', 'remove gone', 'remove .']);
  });
});
