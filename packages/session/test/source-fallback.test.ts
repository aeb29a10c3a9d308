import { type SourceState, type SourceStat, SYNC_FALLBACK_DELAY_MS } from '@watchkeeper/session';
import { afterEach, describe, expect, it } from 'vitest';

import { createHarness, sourceStat, type Harness } from './monitor-harness.ts';
import { cursorAt } from '../src/testing/fixtures.ts';

/** A sync engine whose doings a test decides. */
interface FakeSync {
  found: SourceStat | null;
  readonly started: number[];
  readonly signals: AbortSignal[];
  stats: number;
  onSync: () => Promise<void>;
}

let open: Harness | null = null;

function harness(): { readonly h: Harness; readonly sync: FakeSync } {
  const sync: FakeSync = {
    found: null,
    started: [],
    signals: [],
    stats: 0,
    onSync: () => Promise.resolve(),
  };
  const h = createHarness({
    statSource: async () => {
      sync.stats += 1;
      return sync.found;
    },
    syncSession: async (_id, signal) => {
      sync.started.push(h.clock.now());
      sync.signals.push(signal);
      await sync.onSync();
    },
  });
  open = h;
  return { h, sync };
}

afterEach(async () => {
  await open?.close();
  open = null;
});

/** A session of one line whose transcript has since grown by one, seen at the first poll. */
async function behind(): Promise<{ readonly h: Harness; readonly sync: FakeSync }> {
  const made = harness();
  await made.h.commit('foreign');
  made.sync.found = sourceStat(200);
  return made;
}

const FIRST_POLL = 1500;

describe('a transcript that is ahead of the store', () => {
  it('is synced by the monitor once it has been so for five seconds', async () => {
    const { h, sync } = await behind();
    sync.onSync = () => h.commit();
    const seen = h.watch();
    await h.clock.advance(4999);
    expect(sync.started).toEqual([]);
    await h.clock.advance(20_000);
    expect(sync.started).toEqual([FIRST_POLL + SYNC_FALLBACK_DELAY_MS]);
    expect(seen.ticks()).toMatchObject([{ cause: 'fallback', version: { rev: 2 } }]);
    expect(h.monitor.stats()).toMatchObject({ fallbacks: 1, fallbackErrors: 0 });
  });

  it('is still synced when the session changes for another reason meanwhile', async () => {
    const { h, sync } = await behind();
    const seen = h.watch();
    await h.clock.advance(3000);
    const edited = { cursor: cursorAt(1), stat: { size: 100, mtimeNs: '100' } };
    await h.commit('foreign', { ...edited, items: [{ key: 'k0', message: null }] });
    await h.clock.advance(3500);
    expect(seen.ticks()).toHaveLength(1);
    expect(sync.started).toEqual([6500]);
  });

  it('is tried again after 5, 10, 20, 40 and 60 seconds, and each failure is told', async () => {
    const { h, sync } = await behind();
    sync.onSync = () => Promise.reject(new Error('the disk is away'));
    const seen = h.watch();
    await h.clock.advance(FIRST_POLL + 200_000);
    expect(sync.started.map((at) => (at - FIRST_POLL) / 1000)).toEqual([
      5, 10, 20, 40, 80, 140, 200,
    ]);
    const lags = seen.events.filter((event) => event.type === 'lag');
    expect(lags.slice(0, 3)).toMatchObject([
      { attempt: 1, sinceMs: 5000, bytesBehind: 100, error: 'the disk is away' },
      { attempt: 2, sinceMs: 10_000 },
      { attempt: 3, sinceMs: 20_000 },
    ]);
    sync.onSync = () => h.commit();
    await h.clock.advance(60_000);
    expect(seen.ticks()).toHaveLength(1);
    const tries = sync.started.length;
    await h.clock.advance(300_000);
    expect(sync.started).toHaveLength(tries);
  });

  it('is synced once when only an unfinished line is left over', async () => {
    const { h, sync } = await behind();
    sync.found = sourceStat(150);
    sync.onSync = () =>
      h.commit('foreign', { cursor: cursorAt(1), stat: { size: 150, mtimeNs: '150' }, items: [] });
    const seen = h.watch();
    await h.clock.advance(600_000);
    expect(sync.started).toHaveLength(1);
    expect(seen.ticks()).toEqual([]);
  });

  it('is synced once after its time was touched, without a tick', async () => {
    const { h, sync } = await behind();
    sync.found = { ...sourceStat(100), mtimeNs: '777' };
    sync.onSync = () =>
      h.commit('foreign', { cursor: cursorAt(1), stat: { size: 100, mtimeNs: '777' }, items: [] });
    const seen = h.watch();
    await h.clock.advance(60_000);
    expect(sync.started).toEqual([6500]);
    expect(seen.ticks()).toEqual([]);
  });

  it('is left alone while its own sync keeps up with steady growth', async () => {
    const { h, sync } = await behind();
    h.watch();
    for (let poll = 0; poll < 20; poll += 1) {
      await h.clock.advance(1500);
      await h.commit('foreign');
      sync.found = sourceStat(300 + poll * 100);
    }
    expect(sync.started).toEqual([]);
  });

  it('counts a sync that changes nothing as failed', async () => {
    const { h, sync } = await behind();
    const seen = h.watch();
    await h.clock.advance(FIRST_POLL + 10_000);
    expect(sync.started).toHaveLength(2);
    expect(seen.types()).toEqual(['lag', 'lag']);
  });
});

describe('a transcript that moves', () => {
  it('is synced at once when it is found again in another directory', async () => {
    const { h, sync } = await behind();
    sync.found = null;
    const seen = h.watch();
    await h.clock.advance(10_000);
    expect(sync.started).toEqual([]);
    sync.found = sourceStat(200, '/elsewhere/session-a.jsonl');
    await h.clock.advance(1500);
    expect(sync.started).toHaveLength(1);
    expect(seen.types()).not.toContain('gone');
  });
});

describe('a sync that never ends', () => {
  it('fails at its deadline, is aborted, and never runs twice', async () => {
    const { h, sync } = await behind();
    sync.onSync = () => new Promise<void>(() => undefined);
    const seen = h.watch();
    await h.clock.advance(FIRST_POLL + 5000 + 29_999);
    expect(seen.types().filter((type) => type === 'lag')).toEqual([]);
    await h.clock.advance(1);
    expect(seen.events.at(-1)).toMatchObject({ type: 'lag', attempt: 1 });
    expect(sync.signals[0]?.aborted).toBe(true);
    await h.clock.advance(300_000);
    expect(sync.started).toHaveLength(1);
    expect(seen.events.at(-1)).toMatchObject({ type: expect.stringMatching(/lag|heartbeat/u) });
  });

  it('is aborted when nobody watches any more, and no timer is left', async () => {
    const { h, sync } = await behind();
    sync.onSync = () => new Promise<void>(() => undefined);
    const seen = h.watch();
    await h.clock.advance(FIRST_POLL + 5000);
    expect(sync.signals[0]?.aborted).toBe(false);
    seen.stop();
    expect(sync.signals[0]?.aborted).toBe(true);
    await h.clock.advance(0);
    expect(h.clock.pending).toBe(0);
  });
});

describe('a monitor without a sync engine', () => {
  it('polls and beats but looks at no file', async () => {
    open = createHarness();
    await open.commit('foreign');
    const seen = open.watch();
    await open.clock.advance(60_000);
    expect(seen.types()).toEqual(['heartbeat', 'heartbeat']);
    expect(open.monitor.stats().fallbacks).toBe(0);
  });

  it('takes a sync engine as one option, and tells it what is recorded', async () => {
    const synced: string[] = [];
    const states: (SourceState | null)[] = [];
    open = createHarness({
      sync: {
        syncSession: async (id) => void synced.push(id),
        statSource: async (_id, recorded) => {
          states.push(recorded);
          return null;
        },
      },
    });
    await open.commit('foreign');
    open.watch();
    await open.clock.advance(1500);
    expect(states).toMatchObject([{ path: '/transcripts/session-a.jsonl', offset: 100 }]);
    expect(synced).toEqual([]);
  });
});
