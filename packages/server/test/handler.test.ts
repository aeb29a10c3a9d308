import { describe, expect, it } from 'vitest';

import { createHandler, isServerError, PAGE_MAX_BYTES } from '../src/index.ts';
import { createRig } from './support/harness.ts';
import { MemorySessions } from './support/memory-sessions.ts';

describe('pages of JSON', () => {
  it('tells that the server is well', async () => {
    const { get } = createRig();
    const response = await get('/api/v1/health');
    expect(response.status).toBe(200);
    const health = { status: 'ok', protocol: 1, synced: true, streams: 0 };
    expect(await response.json()).toEqual(health);
  });

  it('tells whether what was there at the start is in the store', async () => {
    let synced = false;
    const { get } = createRig({ synced: () => synced });
    const health = async (): Promise<unknown> => (await get('/api/v1/health')).json();
    expect(await health()).toMatchObject({ status: 'ok', synced: false });
    synced = true;
    expect(await health()).toMatchObject({ status: 'ok', synced: true });
  });

  it('lists sessions page by page', async () => {
    const { sessions, get } = createRig();
    for (const id of ['a', 'b', 'c']) sessions.put(id, ['x']);
    const first = await (await get('/api/v1/sessions?limit=2')).json();
    expect(first).toMatchObject({ items: [{ id: 'a' }, { id: 'b' }], next: '2' });
    const second = await (await get('/api/v1/sessions?limit=2&after=2')).json();
    expect(second).toMatchObject({ items: [{ id: 'c' }], next: null });
    const other = await (await get('/api/v1/sessions?provider=other')).json();
    expect(other).toEqual({ items: [], next: null });
  });

  it('shows one session, with an id that needs escapes too', async () => {
    const { sessions, get } = createRig();
    sessions.put('a b', ['x']);
    const response = await get('/api/v1/sessions/a%20b');
    expect(await response.json()).toMatchObject({ id: 'a b', version: { rev: 1 } });
  });

  it('never shows another session than the one asked for', async () => {
    const { sessions, get } = createRig();
    sessions.put('abcdef', ['x']);
    for (const id of ['abc', 'ABCDEF', 'abcdef%20']) {
      expect((await get(`/api/v1/sessions/${id}`)).status).toBe(404);
    }
  });

  it('pages through the messages in both directions', async () => {
    const { sessions, get } = createRig();
    sessions.put('s', ['a', 'b', 'c']);
    const path = '/api/v1/sessions/s/messages';
    const seqs = async (query: string): Promise<unknown> => {
      const page = await (await get(`${path}?${query}`)).json();
      return [page.items.map(({ seq }: { seq: number }) => seq), page.next, page.cursor];
    };
    expect(await seqs('limit=2')).toEqual([[1, 2], 2, 'e1.1.*']);
    expect(await seqs('limit=2&from=2')).toEqual([[3], null, 'e1.1.*']);
    expect(await seqs('limit=2&dir=desc')).toEqual([[3, 2], 2, 'e1.1.*']);
    expect(await seqs('limit=2&dir=desc&from=2')).toEqual([[1], null, 'e1.1.*']);
  });

  it('gives the cursor from which the stream goes on without a gap', async () => {
    const { sessions, get, open } = createRig();
    sessions.put('s', ['a']);
    const { cursor } = await (await get('/api/v1/sessions/s/messages')).json();
    sessions.put('s', ['b']);
    const query = `mode=messages&last_event_id=${encodeURIComponent(cursor)}`;
    const reader = await open(`/api/v1/sessions/s/watch?${query}`);
    expect((await reader.nextOf('messages')).data).toMatchObject({ items: [{ key: 'k2' }] });
  });

  it('ends a page of messages early rather than let it grow without bound', async () => {
    const { sessions, get } = createRig();
    const texts = Array.from({ length: 60 }, () => 'x'.repeat(100_000));
    sessions.put('s', texts);
    const text = await (await get('/api/v1/sessions/s/messages?limit=1000')).text();
    const page = JSON.parse(text);
    expect(text.length).toBeLessThan(PAGE_MAX_BYTES + 600_000);
    expect(page.next).toBe(page.items.length);
  });

  it('gives a message that was cut whole, and in parts', async () => {
    const { sessions, get, open } = createRig();
    sessions.put('s', ['a', 'w'.repeat(3_000_000)]);
    const reader = await open('/api/v1/sessions/s/watch?mode=messages&from=start');
    const { data } = await reader.nextOf('messages');
    const item = (data['items'] as { truncated: boolean; bytes: number; href: string }[]).at(-1);
    const { truncated, bytes = 0, href = '' } = item ?? {};
    expect(truncated).toBe(true);
    const whole = new Uint8Array(await (await get(href)).arrayBuffer());
    expect(whole.byteLength).toBe(bytes);
    const part = await get(href, { headers: { range: `bytes=${bytes - 5}-` } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes ${bytes - 5}-${bytes - 1}/${bytes}`);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(whole.subarray(-5));
    const beyond = await get(href, { headers: { range: `bytes=${bytes}-` } });
    expect(beyond.status).toBe(416);
    expect(beyond.headers.get('content-range')).toBe(`bytes */${bytes}`);
  });

  it('answers HEAD with the headers alone', async () => {
    const { sessions, handler, get } = createRig();
    sessions.put('s', ['a']);
    for (const path of ['/api/v1/sessions', '/api/v1/sessions/s/watch', '/api/v1/events']) {
      const response = await get(path, { method: 'HEAD' });
      expect(response.status).toBe(200);
      expect(response.body).toBeNull();
    }
    expect(handler.stats()).toEqual({ streams: 0 });
  });
});

describe('what cannot be answered', () => {
  it.each([
    ['/api/v1/sessions/nobody', 404],
    ['/api/v1/sessions/nobody/messages', 404],
    ['/api/v1/sessions/nobody/watch', 404],
    ['/api/v1/sessions/s/messages/99', 404],
    ['/api/v1/nothing', 404],
    ['/', 404],
    ['/api/v1/sessions/deleted', 410],
    ['/api/v1/sessions/deleted/messages', 410],
    ['/api/v1/sessions/deleted/messages/1', 410],
    ['/api/v1/sessions/deleted/watch', 410],
    ['/api/v1/sessions/deleted/watch?wait=1', 410],
    ['/api/v1/sessions?limit=0', 400],
    ['/api/v1/sessions?limit=1001', 400],
    ['/api/v1/sessions?limit=1e2', 400],
    ['/api/v1/sessions?after=garbage', 400],
    ['/api/v1/sessions/s/messages?dir=up', 400],
    ['/api/v1/sessions/s/messages?from=-1', 400],
    ['/api/v1/sessions/s/messages?limit=x', 400],
    ['/api/v1/sessions/s/watch?mode=all', 400],
    ['/api/v1/sessions/s/watch?wait=yes', 400],
    ['/api/v1/sessions/s/watch?from=1', 400],
    ['/api/v1/sessions/%00', 400],
  ])('%s is answered with %i and a reason', async (path, status) => {
    const { sessions, get } = createRig();
    sessions.put('s', ['a']);
    sessions.put('deleted', ['a']);
    sessions.delete('deleted');
    const response = await get(path);
    expect(response.status).toBe(status);
    const { error } = await response.json();
    expect(error).toEqual({ code: expect.any(String), message: expect.stringMatching(/\.$/) });
  });

  it('is a 500 that says nothing of what failed, which is told to the owner', async () => {
    const { sessions, errors, get } = createRig();
    sessions.failure = new Error('/home/me/secret.db is locked');
    const response = await get('/api/v1/sessions');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(errors).toEqual([sessions.failure]);
  });

  it('waits for an unknown session when asked to', async () => {
    const { open } = createRig();
    const reader = await open('/api/v1/sessions/later/watch?wait=1');
    expect(await reader.next()).toMatchObject({ event: 'hello', id: null });
    expect(await reader.next()).toMatchObject({ event: 'pending' });
  });
});

describe('the page of an app', () => {
  const assets = async (request: Request): Promise<Response | null> => {
    const { pathname } = new URL(request.url);
    if (pathname === '/own') {
      const headers = {
        'content-security-policy': "default-src 'self'",
        'cache-control': 'no-cache',
      };
      return new Response('own', { headers });
    }
    return pathname === '/'
      ? new Response('<p>hi', { headers: { 'content-type': 'text/html' } })
      : null;
  };

  it('is answered under the same protection', async () => {
    const { get } = createRig({ assets });
    const response = await get('/');
    expect(await response.text()).toBe('<p>hi');
    const headers = Object.fromEntries(response.headers);
    expect(headers['content-type']).toBe('text/html');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
  });

  it('keeps its own policy, and is a 404 where it has nothing', async () => {
    const { get } = createRig({ assets });
    const own = await get('/own');
    expect(own.headers.get('content-security-policy')).toBe("default-src 'self'");
    expect(own.headers.get('cache-control')).toBe('no-cache');
    expect((await get('/other')).status).toBe(404);
  });

  it('does not shadow the API', async () => {
    const { get } = createRig({ assets: async () => new Response('mine') });
    expect((await get('/api/v1/nothing')).status).toBe(404);
  });
});

describe('bad options', () => {
  it.each([
    ['maxStreams', { maxStreams: 0 }],
    ['maxStreams', { maxStreams: 1.5 }],
    ['maxStreamAgeMs', { maxStreamAgeMs: Number.NaN }],
    ['keepaliveMs', { keepaliveMs: -1 }],
    ['heartbeatMs', { heartbeatMs: Number.POSITIVE_INFINITY }],
    ['token', { token: 'short' }],
    ['hosts', { hosts: ['localhost'] }],
    ['hosts', { hosts: ['http://localhost:1'] }],
  ])('%s is named when it is wrong', (name, options) => {
    const { store, monitor } = new MemorySessions();
    expect(() => createHandler({ store, monitor, ...options })).toThrow(
      new RegExp(`^${name}: wanted`),
    );
  });

  it('are no server errors', () => {
    expect(isServerError(new TypeError('x'))).toBe(false);
    expect(isServerError(null)).toBe(false);
  });
});
