import type { ListEvent } from '@watchkeeper/session';
import { afterEach, describe, expect, it } from 'vitest';

import { createHarness, type Harness } from './monitor-harness.ts';

let open: Harness | null = null;

afterEach(async () => {
  await open?.close();
  open = null;
});

function listen(h: Harness): { readonly times: number[]; readonly events: ListEvent[] } {
  const times: number[] = [];
  const events: ListEvent[] = [];
  const read = async (): Promise<void> => {
    for await (const event of h.monitor.changes()) {
      events.push(event);
      if (event.type === 'changed') times.push(h.clock.now());
    }
  };
  void read();
  return { times, events };
}

describe('the list feed', () => {
  it('tells of a first change within a second and of later ones every two', async () => {
    const h = (open = createHarness());
    const { times } = listen(h);
    await h.clock.advance(100);
    for (let step = 0; step < 60; step += 1) {
      await h.commit('own');
      await h.clock.advance(100);
    }
    await h.clock.advance(5000);
    expect(times[0]).toBe(1100);
    expect(times.slice(1).every((at, index) => at - (times[index] ?? 0) === 2000)).toBe(true);
    expect(times.at(-1)).toBeGreaterThanOrEqual(6000);
    expect(times.length).toBe(4);
  });

  it('sees commits of other processes at the poll', async () => {
    const h = (open = createHarness());
    const { times } = listen(h);
    await h.clock.advance(100);
    await h.commit('foreign');
    await h.clock.advance(2400);
    expect(times).toEqual([2500]);
  });

  it('says nothing but heartbeats while nothing changes, and holds no timer once left', async () => {
    const h = (open = createHarness());
    const { events } = listen(h);
    await h.clock.advance(60_000);
    expect(events.map((event) => event.type)).toEqual(['heartbeat', 'heartbeat']);
    await h.monitor.close();
    expect(h.clock.pending).toBe(0);
  });
});
