import { createManualClock } from '@watchkeeper/core/testing';
import { createSessionMonitor, HEARTBEAT_TICKS, POLL_INTERVAL_MS } from '@watchkeeper/session';
import { afterEach, describe, expect, it } from 'vitest';

import { createHarness, type Harness } from './monitor-harness.ts';

const HEARTBEAT_MS = POLL_INTERVAL_MS * HEARTBEAT_TICKS;

let open: Harness | null = null;

function harness(...options: Parameters<typeof createHarness>): Harness {
  open = createHarness(...options);
  return open;
}

afterEach(async () => {
  await open?.close();
  open = null;
});

describe('ticks', () => {
  it('come at the next poll for a commit of another process', async () => {
    const { clock, commit, watch } = harness();
    await commit();
    const seen = watch();
    await clock.advance(100);
    await commit('foreign');
    await clock.advance(1399);
    expect(seen.ticks()).toEqual([]);
    await clock.advance(1);
    expect(seen.ticks()).toMatchObject([{ cause: 'poll', prev: 1, version: { rev: 2 } }]);
  });

  it('come within the time hints are gathered for a commit of this process', async () => {
    const { clock, commit, watch } = harness();
    await commit();
    const seen = watch();
    await clock.advance(100);
    await commit('own');
    await clock.advance(20);
    expect(seen.ticks()).toMatchObject([{ cause: 'hint', prev: 1, version: { rev: 2 } }]);
  });

  it('gather commits that follow each other at once', async () => {
    const { clock, commit, watch } = harness();
    await commit();
    const seen = watch();
    await clock.advance(100);
    for (let index = 0; index < 50; index += 1) await commit('own');
    await clock.advance(40);
    expect(seen.ticks().length).toBeLessThanOrEqual(3);
    expect(seen.ticks().at(-1)?.version.rev).toBe(51);
  });

  it('are not repeated by the poll that follows a hint', async () => {
    const { clock, commit, watch } = harness();
    await commit();
    const seen = watch();
    await commit('own');
    await clock.advance(10 * POLL_INTERVAL_MS);
    expect(seen.ticks()).toHaveLength(1);
  });

  it('are sent for a write between the call and the first poll', async () => {
    const { clock, commit, watch } = harness();
    await commit();
    const seen = watch();
    // No promise has settled since the call: the baseline must have been read by it.
    await commit('foreign');
    await clock.advance(POLL_INTERVAL_MS);
    expect(seen.ticks()).toMatchObject([{ prev: 1, version: { rev: 2 } }]);
  });

  it('start at once for a caller that is behind', async () => {
    const { clock, store, commit, watch } = harness();
    for (let index = 0; index < 9; index += 1) await commit();
    const version = (await store.get('session-a'))?.version;
    const seen = watch('session-a', { from: { epoch: version?.epoch ?? '', rev: 7, seq: 7 } });
    await clock.advance(0);
    expect(seen.events).toMatchObject([
      { type: 'tick', cause: 'baseline', prev: 7, version: { rev: 9 } },
    ]);
  });

  it.each([
    ['the beginning', null],
    ['another database', { epoch: 'other', rev: 1, seq: 1 }],
  ])('start at once for a caller that comes from %s', async (_name, from) => {
    const { clock, commit, watch } = harness();
    await commit();
    const seen = watch('session-a', { from });
    await clock.advance(0);
    expect(seen.events).toMatchObject([{ type: 'tick', cause: 'baseline', prev: null }]);
  });

  it('do not come for cursor moves and repeated rows', async () => {
    const { clock, calls, commit, watch } = harness();
    await commit();
    const seen = watch();
    await clock.advance(0);
    const before = calls.versions;
    await commit('foreign', { items: [] });
    await clock.advance(2 * POLL_INTERVAL_MS);
    expect(seen.events).toEqual([]);
    expect(calls.versions).toBe(before + 1);
  });
});

describe('quiet', () => {
  it('costs one gate per poll and a heartbeat every twentieth', async () => {
    const { clock, calls, commit, watch } = harness();
    await commit();
    const seen = watch();
    await clock.advance(0);
    const before = { ...calls };
    await clock.advance(3 * HEARTBEAT_MS);
    expect(seen.events).toMatchObject(
      [1, 2, 3].map((beat) => ({
        type: 'heartbeat',
        at: beat * HEARTBEAT_MS,
        version: { rev: 1 },
      })),
    );
    expect(calls.gate - before.gate).toBe(60);
    expect(calls.versions - before.versions).toBe(0);
  });

  it('keeps the heartbeat at its poll when ticks flow', async () => {
    const { clock, commit, watch } = harness();
    await commit();
    const seen = watch();
    for (let poll = 1; poll <= 20; poll += 1) {
      if ([3, 7, 19].includes(poll)) await commit('foreign');
      await clock.advance(POLL_INTERVAL_MS);
    }
    expect(seen.types()).toEqual(['tick', 'tick', 'tick', 'heartbeat']);
  });

  it('after a sleep of two hours: one poll, one tick, one heartbeat', async () => {
    const asleep = { ms: 0 };
    const manual = createManualClock();
    const clock = {
      now: () => manual.now() + asleep.ms,
      wallNow: () => manual.wallNow() + asleep.ms,
      setTimeout: (fn: () => void, ms: number) => manual.setTimeout(fn, ms),
    };
    const { monitor, commit, watch } = harness({ clock });
    await commit();
    const seen = watch();
    await manual.advance(100);
    asleep.ms = 2 * 3600 * 1000;
    await commit('foreign');
    await manual.advance(POLL_INTERVAL_MS);
    expect(seen.types().sort()).toEqual(['heartbeat', 'tick']);
    expect(monitor.stats().polls).toBe(1);
    await manual.advance(POLL_INTERVAL_MS);
    expect(seen.events).toHaveLength(2);
  });
});

describe('many subscribers', () => {
  it('share one gate per poll and one query per change', async () => {
    const { clock, calls, commit, watch, monitor } = harness();
    const seen = [];
    for (let index = 0; index < 40; index += 1) {
      const sessionId = `s${index}`;
      await commit('foreign', { sessionId, sourceKey: `/${sessionId}`, expected: null });
    }
    for (let index = 0; index < 100; index += 1) seen.push(watch(`s${index % 40}`));
    await clock.advance(0);
    expect(monitor.stats()).toMatchObject({ sessions: 40, subscribers: 100 });
    const before = { ...calls };
    for (let index = 0; index < 40; index += 1) {
      const sessionId = `s${index}`;
      const expected = (await open?.store.sourceCursor(`/${sessionId}`)) ?? null;
      await commit('foreign', { sessionId, sourceKey: `/${sessionId}`, expected });
    }
    await clock.advance(POLL_INTERVAL_MS);
    expect(calls.gate - before.gate).toBe(1);
    expect(calls.versions - before.versions).toBe(1);
    expect(seen.every((recording) => recording.ticks().length === 1)).toBe(true);
  });

  it('that read nothing for ten thousand changes then get one tick with the newest revision', async () => {
    const { clock, commit, monitor } = harness();
    await commit();
    const iterator = monitor.watch('session-a');
    await clock.advance(0);
    for (let index = 0; index < 10_000; index += 1) {
      await commit('own');
      if (index % 100 === 0) await clock.advance(20);
    }
    await clock.advance(HEARTBEAT_MS);
    expect(await iterator.next()).toMatchObject({
      value: { type: 'tick', prev: 1, version: { rev: 10_001 } },
    });
    expect(await iterator.next()).toMatchObject({ value: { type: 'heartbeat' } });
    const third = iterator.next();
    await iterator.return?.();
    expect(await third).toEqual({ done: true, value: undefined });
  });
});

describe('the end', () => {
  it('comes once when the session is deleted, and frees every timer', async () => {
    const { clock, commit, store, watch } = harness();
    await commit();
    const seen = watch();
    await clock.advance(0);
    await store.delete('session-a');
    await clock.advance(POLL_INTERVAL_MS);
    expect(seen.events).toEqual([{ type: 'gone', sessionId: 'session-a', reason: 'deleted' }]);
    expect(seen.done()).toBe(true);
    expect(clock.pending).toBe(0);
    const late = watch();
    await clock.advance(0);
    expect(late.events).toMatchObject([{ type: 'gone', reason: 'deleted' }]);
    expect(late.done()).toBe(true);
  });

  it('comes for an unknown session as an error, before any event', async () => {
    const { clock, watch, monitor } = harness();
    const seen = watch('unknown');
    await clock.advance(0);
    expect(seen.events).toEqual([]);
    expect(seen.failure()).toMatchObject({ code: 'ERR_SESSION_NOT_FOUND' });
    expect(monitor.stats()).toMatchObject({ sessions: 0, subscribers: 0 });
    expect(clock.pending).toBe(0);
  });

  it('does not come for a session that may still be created', async () => {
    const { clock, commit, watch } = harness();
    const seen = watch('session-a', { waitForCreate: true });
    await clock.advance(10_000);
    expect(seen.types()).toEqual(['pending']);
    await commit('foreign');
    await clock.advance(POLL_INTERVAL_MS);
    expect(seen.events.slice(1)).toMatchObject([
      { type: 'tick', cause: 'baseline', prev: null, version: { rev: 1 } },
    ]);
  });

  it('comes for everybody when the monitor is closed', async () => {
    const { clock, commit, watch, monitor } = harness();
    await commit();
    const seen = [watch(), watch()];
    await clock.advance(0);
    await monitor.close();
    await clock.advance(0);
    for (const recording of seen) {
      expect(recording.events).toMatchObject([{ type: 'gone', reason: 'closed' }]);
      expect(recording.done()).toBe(true);
    }
    expect(clock.pending).toBe(0);
    expect(await monitor.watch('session-a').next()).toEqual({ done: true, value: undefined });
  });

  it('comes in the same turn on abort, also inside a read', async () => {
    const { clock, commit, monitor } = harness();
    await commit();
    const controller = new AbortController();
    const iterator = monitor.watch('session-a', { signal: controller.signal });
    const read = iterator.next();
    await clock.advance(0);
    controller.abort();
    expect(await read).toEqual({ done: true, value: undefined });
    expect(monitor.stats()).toMatchObject({ sessions: 0, subscribers: 0 });
    expect(clock.pending).toBe(0);
  });

  it('leaves nothing behind after ten thousand watches on one signal', async () => {
    const { clock, commit, monitor } = harness();
    await commit();
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    for (let round = 0; round < 10_000; round += 1) {
      await monitor.watch('session-a', { signal }).return?.();
    }
    expect(listeners).toBe(0);
    expect(clock.pending).toBe(0);
    expect(monitor.stats()).toMatchObject({ sessions: 0, subscribers: 0 });
  });
});

describe('a store that fails', () => {
  it('gives one lag, is asked less and less often, and then the missed tick comes', async () => {
    const { clock, calls, broken, commit, watch } = harness();
    await commit();
    const seen = watch();
    await clock.advance(0);
    broken.error = new Error('the connection was refused');
    await commit('foreign');
    await clock.advance(60_000);
    expect(seen.types()).toEqual(['lag', 'heartbeat', 'heartbeat']);
    expect(seen.events[0]).toMatchObject({ attempt: 1, error: 'the connection was refused' });
    const before = calls.gate;
    await clock.advance(45_000);
    expect(calls.gate - before).toBe(3);
    broken.error = null;
    await clock.advance(15_000);
    expect(seen.ticks()).toMatchObject([{ prev: 1, version: { rev: 2 } }]);
    expect(seen.done()).toBe(false);
  });

  it('at the first reading costs no change: the first version that can be read ticks', async () => {
    const { clock, broken, commit, watch } = harness();
    await commit();
    broken.error = new Error('not yet');
    const seen = watch();
    await clock.advance(0);
    broken.error = null;
    await clock.advance(2 * POLL_INTERVAL_MS);
    expect(seen.ticks()).toMatchObject([{ cause: 'baseline', prev: null, version: { rev: 1 } }]);
  });
});

describe('options', () => {
  it.each([
    ['pollMs', 0],
    ['pollMs', Number.NaN],
    ['heartbeatTicks', 1.5],
    ['fallbackMs', -1],
    ['fallbackMaxMs', 0],
  ])('refuse %s %s by name', (name, value) => {
    const { store } = harness();
    expect(() => createSessionMonitor(store, { [name]: value })).toThrow(
      new RegExp(`^${name}: wanted`, 'u'),
    );
  });

  it('refuse an empty id', () => {
    const { monitor } = harness();
    expect(() => monitor.watch('')).toThrow(/^sessionId: wanted/u);
  });
});
