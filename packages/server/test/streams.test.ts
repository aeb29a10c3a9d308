import { createManualClock } from '@watchkeeper/core/testing';
import { describe, expect, it } from 'vitest';

import { BYE_GRACE_MS, KEEPALIVE_MS, MAX_STREAM_AGE_MS } from '../src/index.ts';
import { createRig } from './support/harness.ts';

const watch = '/api/v1/sessions/s/watch';

describe('a stream', () => {
  it('begins with the time after which to come back, and hello', async () => {
    const { sessions, get, open } = createRig({ random: () => 0.25 });
    sessions.put('s', ['a']);
    const reader = await open(watch);
    expect(await reader.next()).toMatchObject({ event: 'hello', id: 'e1.1.*', retry: 1500 });
    const { headers } = await get(watch);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    expect(headers.get('connection')).toBeNull();
  });

  it('is kept alive by a comment in each quiet quarter of a minute', async () => {
    const clock = createManualClock();
    const { sessions, open } = createRig({ clock });
    sessions.put('s', ['a']);
    const reader = await open(watch);
    await reader.next();
    const next = reader.next();
    await clock.advance(KEEPALIVE_MS * 20);
    expect(reader.comments).toEqual(Array.from({ length: 20 }, () => 'hb'));
    sessions.put('s', ['b']);
    expect(await next).toMatchObject({ event: 'session.updated' });
  });

  it('holds no timers of its own while nobody reads but the one for its age', async () => {
    const clock = createManualClock();
    const { sessions, open } = createRig({ clock });
    sessions.put('s', ['a']);
    const reader = await open(watch);
    await reader.next();
    expect(clock.pending).toBe(1);
    await reader.cancel();
    expect(clock.pending).toBe(0);
  });

  it('gives a reader that comes back late one frame with the newest state', async () => {
    const { sessions, open } = createRig();
    sessions.put('s', ['a']);
    const reader = await open(watch);
    await reader.next();
    const first = reader.next();
    await expect.poll(() => sessions.watching).toBe(1);
    for (let change = 0; change < 1000; change += 1) sessions.put('s', ['b']);
    expect(await first).toMatchObject({ data: { rev: 1001 } });
  });

  it('reads no rows for a reader that does not read', async () => {
    const { sessions, open } = createRig();
    sessions.put(
      's',
      Array.from({ length: 2000 }, (_, index) => `m${index}`),
    );
    const reader = await open(`${watch}?mode=messages&from=start`);
    await reader.nextOf('messages');
    for (let change = 0; change < 100; change += 1) sessions.put('s', ['b']);
    expect(sessions.reads.length).toBeLessThanOrEqual(2);
  });

  it('frees its place and its watcher when its reader leaves', async () => {
    const { sessions, handler, open } = createRig();
    sessions.put('s', ['a']);
    const reader = await open(watch);
    await reader.next();
    const pending = reader.next();
    await expect.poll(() => sessions.watching).toBe(1);
    await reader.cancel();
    expect(await pending).toBeNull();
    expect(handler.stats()).toEqual({ streams: 0 });
    await expect.poll(() => sessions.watching).toBe(0);
  });

  it('frees its place when its request is aborted, before or after the answer', async () => {
    const { sessions, handler, get } = createRig();
    sessions.put('s', ['a']);
    const before = AbortSignal.abort();
    await get(watch, { signal: before });
    expect(handler.stats()).toEqual({ streams: 0 });
    const abort = new AbortController();
    await get(watch, { signal: abort.signal });
    expect(handler.stats()).toEqual({ streams: 1 });
    abort.abort();
    expect(handler.stats()).toEqual({ streams: 0 });
  });

  it('ends with bye when its source fails, and the failure is told', async () => {
    const { sessions, errors, open } = createRig();
    sessions.put('s', ['a']);
    const reader = await open(`${watch}?mode=messages`);
    await reader.next();
    const end = reader.rest();
    await expect.poll(() => sessions.watching).toBe(1);
    sessions.failure = new Error('disk');
    sessions.put('s', ['b']);
    expect(await end).toMatchObject([{ event: 'bye', id: null }]);
    expect(errors).toEqual([sessions.failure]);
  });

  it('ends with bye when the monitor fails', async () => {
    const { sessions, errors, open } = createRig();
    sessions.put('s', ['a']);
    const reader = await open(watch);
    await reader.next();
    const end = reader.rest();
    await expect.poll(() => sessions.watching).toBe(1);
    sessions.failWatchers('s', new Error('lost'));
    expect(await end).toMatchObject([{ event: 'bye' }]);
    expect(errors).toHaveLength(1);
  });

  it('ends with session.gone, and the next request gets 410', async () => {
    const { sessions, get, open } = createRig();
    sessions.put('s', ['a']);
    const reader = await open(watch);
    await reader.next();
    const end = reader.rest();
    await expect.poll(() => sessions.watching).toBe(1);
    sessions.delete('s');
    expect(await end).toMatchObject([{ event: 'session.gone', data: { reason: 'deleted' } }]);
    expect((await get(watch)).status).toBe(410);
  });

  it('ends with bye after an hour, and is cut when that is not read', async () => {
    const clock = createManualClock();
    const { sessions, handler, get, open } = createRig({ clock });
    sessions.put('s', ['a']);
    const read = await open(watch);
    await read.next();
    await get(watch);
    expect(handler.stats()).toEqual({ streams: 2 });
    const end = read.rest();
    await clock.advance(MAX_STREAM_AGE_MS);
    expect(await end).toMatchObject([{ event: 'bye' }]);
    expect(handler.stats()).toEqual({ streams: 1 });
    await clock.advance(BYE_GRACE_MS);
    expect(handler.stats()).toEqual({ streams: 0 });
    expect(clock.pending).toBe(0);
  });
});

describe('the limit of streams', () => {
  it('answers the next one with 429 and when to come back, until one ends', async () => {
    const { sessions, get, open } = createRig({ maxStreams: 2 });
    sessions.put('s', ['a']);
    const first = await open(watch);
    await open('/api/v1/events');
    const refused = await get(watch);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await first.cancel();
    expect((await get(watch)).status).toBe(200);
  });
});

describe('closing the handler', () => {
  it('says bye to everyone with spread times, then answers 503', async () => {
    const { sessions, handler, get, open } = createRig();
    sessions.put('s', ['a']);
    const readers = await Promise.all(Array.from({ length: 50 }, () => open(watch)));
    for (const reader of readers) await reader.next();
    const ends = Promise.all(readers.map((reader) => reader.rest()));
    const closed = handler.close();
    const byes = (await ends).map((frames) => frames[0]);
    await closed;
    expect(byes.every((frame) => frame?.event === 'bye')).toBe(true);
    expect(new Set(byes.map((frame) => frame?.data['retryMs'])).size).toBeGreaterThan(25);
    const refused = await get(watch);
    expect(refused.status).toBe(503);
    expect(refused.headers.has('retry-after')).toBe(true);
    expect(sessions.watching).toBe(0);
  });

  it('does not wait for readers that do not read', async () => {
    const clock = createManualClock();
    const { sessions, handler, get } = createRig({ clock });
    sessions.put('s', ['a']);
    await get(watch);
    const closed = handler.close();
    await clock.advance(BYE_GRACE_MS);
    await closed;
    expect(handler.stats()).toEqual({ streams: 0 });
    await handler.close();
  });
});

describe('the stream of list changes', () => {
  it('says hello, changes and heartbeats', async () => {
    const clock = createManualClock({ wallNow: 5 });
    const { sessions, open } = createRig({ clock });
    const reader = await open('/api/v1/events');
    expect(await reader.next()).toMatchObject({
      event: 'hello',
      id: null,
      data: { protocol: 1, sessionId: null },
    });
    sessions.put('s', ['a']);
    expect(await reader.next()).toMatchObject({ event: 'sessions.changed', data: { at: 5 } });
    sessions.emitList({ type: 'heartbeat', at: 77 });
    expect(await reader.next()).toMatchObject({ event: 'heartbeat', data: { at: 77, rev: null } });
  });

  it('misses no change between the first load and its first frame', async () => {
    const { sessions, open } = createRig();
    const reader = await open('/api/v1/events');
    await reader.next();
    sessions.put('s', ['a']);
    sessions.put('s', ['b']);
    expect(await reader.next()).toMatchObject({ event: 'sessions.changed' });
    const pending = reader.next();
    await reader.cancel();
    expect(await pending).toBeNull();
    await expect.poll(() => sessions.watching).toBe(0);
  });
});
