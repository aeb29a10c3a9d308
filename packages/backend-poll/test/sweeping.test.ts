import { utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOT_INTERVALS } from '../src/cadence.ts';
import { Polling } from './polling.ts';

describe('sweeps', () => {
  let polling: Polling;
  beforeEach(() => {
    polling = new Polling({ intervalMs: 1000 });
  });
  afterEach(() => polling.workspace.dispose());

  it('find a change at the next look, with the stat that showed it', async () => {
    const path = polling.write('file', 'one');
    const subscription = await polling.open();
    polling.workspace.append(path, 'two');
    await polling.clock.advance(999);
    expect(polling.recorder.touchesSince()).toEqual([]);
    await polling.clock.advance(1);
    expect(polling.recorder.touchesSince()).toMatchObject([
      { path, reach: 'entry', hint: 'changed', stat: { size: 6n, type: 'file' } },
    ]);
    await subscription.close();
  });

  it('find an edit in place although no directory changed', async () => {
    const path = polling.write('a/b/file', 'one');
    const subscription = await polling.open();
    polling.workspace.write(path, 'two');
    await polling.clock.advance(1000);
    expect(polling.recorder.touchesSince().map((touch) => touch.path)).toEqual([path]);
    await subscription.close();
  });

  it('list a directory only when its times moved', async () => {
    polling.write('still/file');
    polling.write('moving/file');
    const subscription = await polling.open();
    const { listings } = polling.disk;
    listings.clear();
    await polling.clock.advance(3000);
    expect([...listings.keys()]).toEqual([]);
    polling.write('moving/other');
    await polling.clock.advance(1000);
    expect([...listings.keys()]).toEqual([polling.workspace.at('moving')]);
    await subscription.close();
  });

  it('find edits of a file that is dated in the future', async () => {
    const path = polling.write('file', 'one');
    utimesSync(path, 9_000_000_000, 9_000_000_000);
    const subscription = await polling.open();
    polling.workspace.write(path, 'two');
    await polling.clock.advance(1000);
    expect(polling.recorder.covers(path)).toBe(true);
    await subscription.close();
  });

  it('look at a hot entry four times as often, and cool it down when nothing more happens', async () => {
    const hot = polling.write('hot');
    const warm = polling.write('warm');
    const subscription = await polling.open();
    polling.workspace.append(hot);
    await polling.clock.advance(1000);
    polling.disk.looks.clear();
    await polling.clock.advance(4000);
    expect(polling.disk.looksAt(hot)).toBe(16);
    expect(polling.disk.looksAt(warm)).toBe(4);
    await polling.clock.advance(HOT_INTERVALS * 1000);
    polling.disk.looks.clear();
    await polling.clock.advance(4000);
    expect(polling.disk.looksAt(hot)).toBe(4);
    await subscription.close();
  });

  it('look at cold entries no less often than the ceiling says, whatever the budget', async () => {
    const thrifty = new Polling({ intervalMs: 1000, maxIntervalMs: 4000, budget: 1e-9 });
    const hot = thrifty.write('hot');
    const cold = thrifty.write('cold');
    const subscription = await thrifty.open();
    await thrifty.clock.advance(4000);
    thrifty.disk.looks.clear();
    await thrifty.clock.advance(8000);
    expect(thrifty.disk.looksAt(cold)).toBe(2);
    thrifty.workspace.append(hot);
    await thrifty.clock.advance(4000);
    expect(thrifty.recorder.covers(hot)).toBe(true);
    await subscription.close();
    thrifty.workspace.dispose();
  });

  it('look once more at a reading so young that a rewrite could hide behind it', async () => {
    const young = new Polling({ intervalMs: 1000 }, Date.now());
    const path = young.write('file', 'one');
    const subscription = await young.open();
    await young.clock.advance(1000);
    const touches = young.recorder.touchesWithin(path);
    expect(touches).toMatchObject([{ path, hint: 'changed' }]);
    await young.clock.advance(10_000);
    expect(young.recorder.touchesWithin(path)).toHaveLength(touches.length);
    await subscription.close();
    young.workspace.dispose();
  });

  it('count a barrier as a look at everything, also at what is not settled', async () => {
    const young = new Polling({ intervalMs: 1000 }, Date.now());
    const path = young.write('file', 'one');
    const subscription = await young.open();
    await subscription.barrier?.();
    expect(young.recorder.covers(path)).toBe(true);
    await subscription.close();
    young.workspace.dispose();
  });

  it('take names on and drop them while a names scope is open', async () => {
    const names = new Set(['a']);
    const subscription = await polling.open({ scope: { kind: 'names', names } });
    names.add('b');
    names.delete('a');
    polling.write('a');
    const b = polling.write('b');
    await polling.clock.advance(1000);
    expect(polling.recorder.touchesSince().map(({ path }) => path)).toEqual([b]);
    await subscription.close();
  });

  it('drop a name at once, and follow a new one with the next look at anything', async () => {
    const names = new Set(['a', 'b']);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => polling.write(name));
    const subscription = await polling.open({ scope: { kind: 'names', names } });
    if (a !== undefined) polling.workspace.append(a);
    await polling.clock.advance(1000);
    polling.disk.looks.clear();
    names.delete('a');
    names.add('c');
    names.delete('b');
    await polling.clock.advance(250);
    expect([a, b, c].map((path) => polling.disk.looksAt(path ?? ''))).toEqual([0, 0, 1]);
    await subscription.close();
  });

  it('begin slowly with what has lain there for long, and fast with what was written just now', async () => {
    const looks: number[] = [];
    for (const wallNow of [Date.now() + 86_400_000, Date.now()]) {
      // So small a budget that not even one entry gets the interval it wants.
      const thrifty = new Polling({ intervalMs: 1000, budget: 1e-5 }, wallNow);
      const path = thrifty.write('file');
      const subscription = await thrifty.open();
      await thrifty.clock.advance(4000);
      looks.push(thrifty.disk.looksAt(path));
      await subscription.close();
      thrifty.workspace.dispose();
    }
    const [old = 0, fresh = 0] = looks;
    expect(fresh).toBeGreaterThan(old);
  });

  it('take what was only found young for idle sooner than what was seen to change', async () => {
    // So small a budget that nothing cold gets the interval it wants.
    const thrifty = new Polling({ intervalMs: 1000, budget: 1e-5 }, Date.now());
    const [found, changed] = [thrifty.write('found'), thrifty.write('changed')];
    const subscription = await thrifty.open();
    await thrifty.clock.advance(1000);
    thrifty.workspace.append(changed);
    await thrifty.clock.advance((HOT_INTERVALS + 2) * 1000);
    thrifty.disk.looks.clear();
    await thrifty.clock.advance(8000);
    expect(thrifty.disk.looksAt(found)).toBeLessThan(thrifty.disk.looksAt(changed));
    await subscription.close();
    thrifty.workspace.dispose();
  });

  it('share one timer among all subscriptions, and come to be made together', async () => {
    const roots = ['a', 'b'].map((name) => {
      polling.write(`${name}/file`);
      return polling.workspace.at(name);
    });
    const subscriptions = [await polling.open({ root: roots[0] ?? polling.workspace.root })];
    await polling.clock.advance(100);
    subscriptions.push(await polling.open({ root: roots[1] ?? polling.workspace.root }));
    expect(polling.clock.pending).toBe(1);
    await polling.clock.advance(900);
    polling.disk.looks.clear();
    await polling.clock.advance(999);
    expect(roots.map((root) => polling.disk.looksAt(root))).toEqual([0, 0]);
    await polling.clock.advance(1);
    expect(roots.map((root) => polling.disk.looksAt(root))).toEqual([1, 1]);
    await Promise.all(subscriptions.map((subscription) => subscription.close()));
    expect(polling.clock.pending).toBe(0);
  });

  it('let a small subscription have its turn while a large one is swept', async () => {
    for (let index = 0; index < 50; index += 1) polling.write(`large/f${index}`);
    const small = polling.write('small/file');
    const [large, other] = [
      await polling.open({ root: polling.workspace.at('large') }),
      await polling.open({ root: polling.workspace.at('small') }),
    ];
    polling.workspace.append(small);
    polling.disk.looks.clear();
    polling.disk.lookMs = 1;
    await polling.clock.advance(1000);
    await expect.poll(() => polling.disk.looks.size).toBe(53);
    // One slice of the large one at most comes first.
    expect([...polling.disk.looks.keys()].indexOf(small)).toBeLessThan(25);
    await Promise.all([large.close(), other.close()]);
  });

  it('hold the event loop for one slice at a time, and end at once when closed between two', async () => {
    for (let index = 0; index < 100; index += 1) polling.write(`f${index}`);
    const subscription = await polling.open();
    polling.disk.looks.clear();
    polling.disk.lookMs = 1;
    const sweeping = polling.clock.advance(1000);
    const closing = Promise.resolve().then(() => subscription.close());
    await Promise.all([sweeping, closing]);
    expect(polling.disk.looks.size).toBeLessThan(100);
    expect(polling.recorder.mark()).toBe(0);
  });

  it('leave no timer behind', async () => {
    const subscription = await polling.open();
    expect(polling.clock.pending).toBe(1);
    await subscription.close();
    expect(polling.clock.pending).toBe(0);
  });
});
