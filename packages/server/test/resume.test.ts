import { describe, expect, it } from 'vitest';

import { Replica } from './support/event-reader.ts';
import { createRig, serveRig } from './support/harness.ts';

const watch = '/api/v1/sessions/s/watch?mode=messages';

/** Numbers from 0 to below 1 that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe('a client that resumes with its last id', () => {
  it('gets only what it missed, over a restart of the server', async () => {
    const first = createRig();
    first.sessions.put('s', ['a', 'b']);
    const reader = await first.open(`${watch}&from=start`);
    await reader.nextOf('messages');
    await Promise.all([first.handler.close(), reader.rest()]);
    const second = createRig(first.sessions);
    first.sessions.put('s', ['c']);
    const headers = { 'last-event-id': reader.lastId ?? '' };
    const resumed = await second.open(watch, { headers });
    expect(await resumed.next()).toMatchObject({ event: 'hello', data: { resumed: 'replayed' } });
    expect((await resumed.next())?.data).toMatchObject({ items: [{ key: 'k3' }], more: false });
  });

  it('gets frame 8 after it lost the connection in the middle of it', async () => {
    const { open, sessions } = createRig();
    sessions.put(
      's',
      Array.from({ length: 5000 }, (_, index) => `m${index}`),
    );
    const reader = await open(`${watch}&from=start`);
    for (let frame = 0; frame < 7; frame += 1) await reader.nextOf('messages');
    await reader.cancel();
    expect(reader.lastId).toBe('e1.1.1400');
    const resumed = await open(watch, { headers: { 'last-event-id': 'e1.1.1400' } });
    expect(await resumed.nextOf('messages')).toMatchObject({ id: 'e1.1.1600' });
  });

  it.each([
    ['of another epoch', 'e0.1.1', 'epoch'],
    ['of the future', 'e1.99.1', 'unknown-cursor'],
    ['that is garbage', '../../etc', 'unknown-cursor'],
    ['of 4 KB', 'x'.repeat(4096), 'unknown-cursor'],
  ])('%s is told to reload, never refused', async (_, id, reason) => {
    const { open, sessions } = createRig();
    sessions.put('s', ['a']);
    const reader = await open(watch, { headers: { 'last-event-id': id } });
    expect(await reader.next()).toMatchObject({ event: 'hello', data: { resumed: 'reset' } });
    expect(await reader.next()).toMatchObject({ event: 'reset', id: 'e1.1.*', data: { reason } });
  });

  it('with an empty id starts from now', async () => {
    const { open, sessions } = createRig();
    sessions.put('s', ['a']);
    const reader = await open(watch, { headers: { 'last-event-id': '' } });
    expect(await reader.next()).toMatchObject({ id: 'e1.1.*', data: { resumed: 'none' } });
  });

  it('in header and query is believed by the header; in the query alone, by the query', async () => {
    const { open, sessions } = createRig();
    sessions.put('s', ['a']);
    sessions.put('s', ['b']);
    const query = `${watch}&last_event_id=e1.1.*`;
    const both = await open(query, { headers: { 'last-event-id': 'e1.2.*' } });
    expect(await both.next()).toMatchObject({ id: 'e1.2.*', data: { resumed: 'replayed' } });
    const alone = await open(query);
    expect(await alone.next()).toMatchObject({ id: 'e1.1.*', data: { resumed: 'replayed' } });
    expect((await alone.next())?.data).toMatchObject({ items: [{ key: 'k2' }] });
  });
});

describe('a client that connects while rows are written', () => {
  it('misses none of them and applies none twice, however they interleave', async () => {
    const random = seeded(7);
    for (let round = 0; round < 200; round += 1) {
      const { handler, open, sessions } = createRig();
      sessions.put('s', ['first']);
      const replica = new Replica();
      const wait = async (): Promise<void> => {
        for (let turn = Math.floor(random() * 12); turn > 0; turn -= 1) await Promise.resolve();
      };
      const writing = (async () => {
        for (let write = 0; write < 4; write += 1) {
          await wait();
          sessions.put('s', ['more'], random() < 0.3 ? 'same' : undefined);
        }
      })();
      await wait();
      const reader = await open(`${watch}&from=start`);
      await writing;
      while (replica.rows.size < sessions.rows('s').size) {
        replica.apply(await reader.nextOf('messages'));
      }
      await reader.cancel();
      expect(handler.stats()).toEqual({ streams: 0 });
      const { cursor } = { cursor: reader.lastId ?? '' };
      const last = await open(watch, { headers: { 'last-event-id': cursor } });
      if (sessions.rows('s').get('same') !== replica.rows.get('same')) {
        replica.apply(await last.nextOf('messages'));
      }
      expect(replica.rows).toEqual(sessions.rows('s'));
      await last.cancel();
    }
  });
});

describe('a connection that breaks at random bytes', () => {
  it('loses no row and applies none twice, over 60 breaks and 1,500 rows', async () => {
    const random = seeded(42);
    const { server, sessions } = await serveRig();
    sessions.put('s', ['row 0']);
    const replica = new Replica();
    const decoder = new TextDecoder();
    let lastId = '';
    let written = 1;
    for (let breaks = 0; breaks < 60; breaks += 1) {
      const abort = new AbortController();
      const headers = { 'last-event-id': lastId };
      const response = await fetch(`${server.url}${watch}&from=start`, {
        headers,
        signal: abort.signal,
      });
      const budget = Math.floor(random() * 20_000);
      let text = '';
      const reader = response.body?.getReader();
      while (text.length < budget && written < 1500) {
        const batch = 1 + Math.floor(random() * 5);
        sessions.put(
          's',
          Array.from({ length: batch }, (_, index) => `row ${written + index}`),
        );
        written += batch;
        const { value } = (await reader?.read()) ?? {};
        text += decoder.decode(value, { stream: true });
      }
      abort.abort();
      // The break comes at a byte: what is after it was never received.
      lastId = applyWhole(text.slice(0, budget), replica) ?? lastId;
    }
    const last = await fetch(`${server.url}${watch}`, { headers: { 'last-event-id': lastId } });
    const reader = last.body?.getReader();
    let text = '';
    while (replica.rows.size < written) {
      const { value } = (await reader?.read()) ?? {};
      text += decoder.decode(value, { stream: true });
      applyWhole(text, replica);
    }
    await reader?.cancel();
    expect(replica.rows).toEqual(sessions.rows('s'));
    expect(replica.applied).toBe(written);
  });
});

/** Applies the whole blocks of a received text and gives the last id among them. */
function applyWhole(text: string, replica: Replica): string | null {
  let lastId: string | null = null;
  for (const block of text.split('\n\n').slice(0, -1)) {
    const field = (name: string): string | null =>
      new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null;
    const data = field('data');
    if (field('event') === 'messages' && data !== null) {
      replica.apply({ event: 'messages', id: null, retry: null, data: JSON.parse(data) });
    }
    lastId = field('id') ?? lastId;
  }
  return lastId;
}
