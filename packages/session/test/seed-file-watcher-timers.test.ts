import { appendFileSync } from 'node:fs';

import { createManualClock } from '@watchkeeper/core/testing';
import type { ManualClock } from '@watchkeeper/core/testing';
import type { PathWatcher } from '@watchkeeper/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { stopWatching } from '../src/watch-session.ts';
import { BACKENDS } from './watch-backends.ts';
import { line, Rig } from './watch-rig.ts';

/** Real files and a real backend, but the timers of the watch move only when the test says so. */
describe.each(BACKENDS)('the timers of the file watcher on $backend', ({ create }) => {
  let watcher: PathWatcher;
  let rig: Rig;
  let clock: ManualClock;

  beforeEach(() => {
    watcher = create();
    rig = new Rig(watcher);
    clock = createManualClock();
  });

  afterEach(async () => {
    rig[Symbol.dispose]();
    await watcher.close();
  });

  test('3. Batch coalescing: ten lines read one by one within the debounce are one batch', async () => {
    const path = rig.file('s');
    const { seen } = await rig.watch(path, { clock });
    for (let index = 0; index < 10; index++) {
      appendFileSync(path, line(`${index}`));
      await seen.haveParsed(index + 1);
      await clock.advance(1);
    }
    expect(seen.batches).toEqual([]);
    await clock.advance(100);
    expect(seen.batches.map(({ messages }) => messages.length)).toEqual([10]);
  });

  test('4. Max-wait ceiling: a line every 50 ms for 2 s is flushed at least every 500 ms', async () => {
    const path = rig.file('s');
    const flushedAt: number[] = [];
    const counts: number[] = [];
    const { handle, seen } = await rig.watch(path, {
      clock,
      debounceMs: 100,
      maxWaitMs: 500,
      onMessages: ({ messages }) => {
        flushedAt.push(clock.now());
        counts.push(messages.length);
      },
    });
    for (let index = 0; index < 40; index++) {
      appendFileSync(path, line(`${index}`));
      await seen.haveParsed(index + 1);
      await clock.advance(50);
    }
    stopWatching(handle);
    expect(counts.length).toBeGreaterThanOrEqual(4);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(counts.reduce((sum, count) => sum + count)).toBe(40);
    const gaps = flushedAt.map((at, index) => at - (flushedAt[index - 1] ?? 0));
    // A flush ends the wait of its first line; the next line comes up to 50 ms later.
    expect(Math.max(...gaps)).toBeLessThanOrEqual(550);
  });

  test('5. Trailing-edge quiescence: a burst is flushed when debounceMs have passed, not maxWaitMs', async () => {
    const path = rig.file('s');
    const { seen } = await rig.watch(path, { clock, debounceMs: 100, maxWaitMs: 500 });
    for (let index = 0; index < 5; index++) appendFileSync(path, line(`${index}`));
    await seen.haveParsed(5);
    await clock.advance(99);
    expect(seen.batches).toEqual([]);
    await clock.advance(1);
    expect(seen.batches.map(({ messages }) => messages.length)).toEqual([5]);
  });

  test('9. Stop prevents further events: no timer is left, and none fires', async () => {
    const path = rig.file('s');
    const { handle, seen } = await rig.watch(path, { clock });
    appendFileSync(path, line('pending'));
    await seen.haveParsed(1);
    stopWatching(handle);
    expect(seen.gist).toEqual(['pending']);
    expect(clock.pending).toBe(0);
    appendFileSync(path, line('after'));
    await clock.advance(3_600_000);
    await rig.pass();
    expect(seen.gist).toEqual(['pending']);
  });

  test('10. Final flush on stop: a line that was read and waits for its timer is delivered once', async () => {
    const path = rig.file('s');
    const { handle, seen } = await rig.watch(path, { clock });
    appendFileSync(path, line('waits'));
    await seen.haveParsed(1);
    expect(seen.batches).toEqual([]);
    stopWatching(handle);
    expect(seen.gist).toEqual(['waits']);
    await clock.advance(1000);
    expect(seen.batches).toHaveLength(1);
  });
});
