import { describe, expect, it, onTestFinished } from 'vitest';

import { parseCursor, type StreamFrame, watchFrames } from '../src/index.ts';
import type { WatchFramesOptions } from '../src/index.ts';
import { MemorySessions } from './support/memory-sessions.ts';

/** Follows session `s`; every call of `next` gives one frame, and `null` after the last. */
function follow(
  sessions: MemorySessions,
  options: Partial<WatchFramesOptions> = {},
): { next(): Promise<StreamFrame | null>; stop(): void } {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const { store, monitor } = sessions;
  const { signal } = stop;
  const frames = watchFrames({ store, monitor, sessionId: 's', signal, ...options });
  return {
    next: async () => {
      const result = await frames.next();
      return result.done === true ? null : result.value;
    },
    stop: () => stop.abort(),
  };
}

function withMessages(...texts: readonly string[]): MemorySessions {
  const sessions = new MemorySessions();
  for (const text of texts) sessions.put('s', [text]);
  return sessions;
}

const keysOf = (frame: StreamFrame | null): readonly string[] =>
  frame?.event === 'messages' ? frame.data.items.map(({ key }) => key) : [];

describe('tick mode', () => {
  it('opens with where the session stands', async () => {
    const frames = follow(withMessages('a', 'b'));
    expect(await frames.next()).toMatchObject({
      event: 'hello',
      id: 'e1.2.*',
      data: { protocol: 1, sessionId: 's', mode: 'tick', resumed: 'none', version: { rev: 2 } },
    });
  });

  it('tells each change once, with the revision before', async () => {
    const sessions = withMessages('a');
    const frames = follow(sessions);
    await frames.next();
    const first = frames.next();
    await expect.poll(() => sessions.watching).toBe(1);
    sessions.put('s', ['b']);
    expect(await first).toEqual({
      event: 'session.updated',
      id: 'e1.2.*',
      data: { sessionId: 's', rev: 2, prevRev: 1, messageCount: 2, cause: 'hint' },
    });
    sessions.put('s', ['c']);
    sessions.put('s', ['d']);
    expect(await frames.next()).toMatchObject({ id: 'e1.4.*', data: { rev: 4, prevRev: 2 } });
  });

  it('tells what was missed when it resumes, at once', async () => {
    const frames = follow(withMessages('a', 'b', 'c'), { from: parseCursor('e1.1.*') ?? 'now' });
    expect(await frames.next()).toMatchObject({ event: 'hello', data: { resumed: 'replayed' } });
    expect(await frames.next()).toMatchObject({
      event: 'session.updated',
      data: { rev: 3, prevRev: 1, cause: 'baseline' },
    });
  });

  it('makes good a lost tick by the version in the heartbeat', async () => {
    const sessions = withMessages('a');
    const frames = follow(sessions);
    await frames.next();
    const updated = frames.next();
    await expect.poll(() => sessions.watching).toBe(1);
    const version = { epoch: 'e1', rev: 5, messageCount: 9, source: null, deleted: false };
    sessions.emit('s', { type: 'heartbeat', sessionId: 's', version, at: 7 });
    expect(await updated).toMatchObject({ event: 'session.updated', data: { rev: 5 } });
    expect(await frames.next()).toEqual({
      event: 'heartbeat',
      id: null,
      data: { at: 7, rev: 5 },
    });
  });

  it('passes lag on, without an id', async () => {
    const sessions = withMessages('a');
    const frames = follow(sessions);
    await frames.next();
    const lag = frames.next();
    await expect.poll(() => sessions.watching).toBe(1);
    const facts = { sessionId: 's', bytesBehind: 10, sinceMs: 5000, attempt: 2, error: 'EACCES' };
    sessions.emit('s', { type: 'lag', ...facts });
    expect(await lag).toEqual({ event: 'lag', id: null, data: facts });
  });
});

describe('messages mode', () => {
  it('sends only what comes after now', async () => {
    const sessions = withMessages('a');
    const frames = follow(sessions, { mode: 'messages' });
    await frames.next();
    const next = frames.next();
    await expect.poll(() => sessions.watching).toBe(1);
    sessions.put('s', ['b', 'c']);
    const frame = await next;
    expect(frame).toMatchObject({ event: 'messages', id: 'e1.2.3', data: { more: false } });
    expect(keysOf(frame)).toEqual(['k2', 'k3']);
  });

  it('sends everything from the start', async () => {
    const frames = follow(withMessages('a', 'b'), { mode: 'messages', from: 'start' });
    expect(await frames.next()).toMatchObject({ event: 'hello', id: 'e1.0.0' });
    expect(keysOf(await frames.next())).toEqual(['k1', 'k2']);
  });

  it('sends one transaction of 5,000 rows in frames of 200, with rising ids', async () => {
    const sessions = new MemorySessions();
    sessions.put(
      's',
      Array.from({ length: 5000 }, (_, index) => `m${index}`),
    );
    const frames = follow(sessions, { mode: 'messages', from: 'start' });
    await frames.next();
    const ids: (string | null)[] = [];
    let frame = await frames.next();
    while (frame?.event === 'messages') {
      expect(frame.data.items).toHaveLength(200);
      ids.push(frame.id);
      frame = frame.data.more ? await frames.next() : null;
    }
    expect(ids).toEqual(Array.from({ length: 25 }, (_, index) => `e1.1.${(index + 1) * 200}`));
  });

  it('resumes in the middle of a revision', async () => {
    const sessions = new MemorySessions();
    sessions.put('s', ['a', 'b', 'c', 'd']);
    const from = parseCursor('e1.1.2') ?? 'now';
    const frames = follow(sessions, { mode: 'messages', from });
    await frames.next();
    expect(keysOf(await frames.next())).toEqual(['k3', 'k4']);
  });

  it('splits a page whose rows are too large for one frame', async () => {
    const sessions = withMessages('x'.repeat(600), 'y'.repeat(600), 'z');
    const frameLimit = { items: 200, bytes: 1500 };
    const frames = follow(sessions, { mode: 'messages', from: 'start', frameLimit });
    await frames.next();
    const [first, second] = [await frames.next(), await frames.next()];
    expect(first).toMatchObject({ id: 'e1.1.1', data: { more: true } });
    expect(second).toMatchObject({ id: 'e1.3.3', data: { more: false } });
  });

  it('tells that a row was taken back', async () => {
    const sessions = withMessages('a', 'b');
    const from = parseCursor('e1.2.*') ?? 'now';
    sessions.retract('s', 'k1');
    const frames = follow(sessions, { mode: 'messages', from });
    await frames.next();
    expect(await frames.next()).toMatchObject({
      event: 'messages',
      data: { items: [{ t: 'del', seq: 1, rev: 3, key: 'k1' }] },
    });
  });
});

describe('a cursor that is not of this database', () => {
  it.each([
    ['of another epoch', { epoch: 'e0', rev: 1, seq: 1 }, 'epoch'],
    ['of the future', { epoch: 'e1', rev: 99, seq: 1 }, 'unknown-cursor'],
    ['unreadable', 'unreadable', 'unknown-cursor'],
  ] as const)('%s is answered with reset, then with what is new', async (_, from, reason) => {
    const sessions = withMessages('a', 'b');
    const frames = follow(sessions, { mode: 'messages', from });
    expect(await frames.next()).toMatchObject({ event: 'hello', data: { resumed: 'reset' } });
    const reset = { event: 'reset', id: 'e1.2.*', data: { sessionId: 's', reason } };
    expect(await frames.next()).toEqual(reset);
    const next = frames.next();
    await expect.poll(() => sessions.watching).toBe(1);
    sessions.put('s', ['c']);
    expect(keysOf(await next)).toEqual(['k3']);
  });
});

describe('a database that is replaced while a client follows', () => {
  it('is told by the monitor and answered with reset', async () => {
    const sessions = withMessages('a');
    const frames = follow(sessions);
    await frames.next();
    const reset = frames.next();
    await expect.poll(() => sessions.watching).toBe(1);
    sessions.replace('e2');
    sessions.put('s', ['other']);
    sessions.emit('s', { type: 'gone', sessionId: 's', reason: 'epoch' });
    expect(await reset).toMatchObject({ event: 'reset', id: 'e2.1.*', data: { reason: 'epoch' } });
  });

  it('is found when its changes are read, and never taken for a low revision', async () => {
    const sessions = withMessages('a', 'b');
    const frames = follow(sessions, { mode: 'messages' });
    await frames.next();
    const reset = frames.next();
    await expect.poll(() => sessions.watching).toBe(1);
    const stale = { epoch: 'e1', rev: 3, messageCount: 3, source: null, deleted: false };
    sessions.replace('e2');
    sessions.put('s', ['other']);
    sessions.emit('s', {
      type: 'tick',
      sessionId: 's',
      version: stale,
      prev: 2,
      cause: 'poll',
    });
    expect(await reset).toMatchObject({ event: 'reset', id: 'e2.1.*' });
  });

  it('and no longer has the session ends the stream', async () => {
    const sessions = withMessages('a');
    const frames = follow(sessions);
    await frames.next();
    const gone = frames.next();
    await expect.poll(() => sessions.watching).toBe(1);
    sessions.replace('e2');
    sessions.emit('s', { type: 'gone', sessionId: 's', reason: 'epoch' });
    expect(await gone).toMatchObject({ event: 'session.gone' });
    expect(await frames.next()).toBeNull();
  });
});

describe('a session that does not exist', () => {
  it('ends at once without wait', async () => {
    expect(await follow(new MemorySessions()).next()).toBeNull();
  });

  it('is pending with wait, then told from its beginning', async () => {
    const sessions = new MemorySessions();
    const frames = follow(sessions, { wait: true, mode: 'messages' });
    expect(await frames.next()).toMatchObject({
      event: 'hello',
      id: null,
      data: { version: null },
    });
    expect(await frames.next()).toEqual({ event: 'pending', id: null, data: { sessionId: 's' } });
    sessions.put('s', ['a', 'b']);
    expect(keysOf(await frames.next())).toEqual(['k1', 'k2']);
  });

  it('ticks once it appears', async () => {
    const sessions = new MemorySessions();
    const frames = follow(sessions, { wait: true });
    await frames.next();
    await frames.next();
    sessions.put('s', ['a']);
    expect(await frames.next()).toMatchObject({
      event: 'session.updated',
      data: { rev: 1, prevRev: null },
    });
  });
});

describe('the end', () => {
  it('is session.gone for a session that is deleted', async () => {
    const sessions = withMessages('a');
    const frames = follow(sessions);
    await frames.next();
    const gone = frames.next();
    await expect.poll(() => sessions.watching).toBe(1);
    sessions.delete('s');
    expect(await gone).toEqual({
      event: 'session.gone',
      id: null,
      data: { sessionId: 's', reason: 'deleted' },
    });
    expect(await frames.next()).toBeNull();
    expect(sessions.watching).toBe(0);
  });

  it('comes without a frame when the monitor is closed', async () => {
    const sessions = withMessages('a');
    const frames = follow(sessions);
    await frames.next();
    const end = frames.next();
    await expect.poll(() => sessions.watching).toBe(1);
    sessions.emit('s', { type: 'gone', sessionId: 's', reason: 'closed' });
    expect(await end).toBeNull();
  });

  it('frees the watcher when the consumer stops', async () => {
    const sessions = withMessages('a');
    const frames = follow(sessions);
    await frames.next();
    const end = frames.next();
    await expect.poll(() => sessions.watching).toBe(1);
    frames.stop();
    expect(await end).toBeNull();
    expect(sessions.watching).toBe(0);
  });

  it('is the failure of the store, thrown', async () => {
    const sessions = withMessages('a');
    sessions.failure = new Error('disk');
    await expect(follow(sessions).next()).rejects.toThrow('disk');
  });
});
