import { describe, expect, it } from 'vitest';

import { createRig, serveRig, type ServedRig } from './support/harness.ts';
import { RawClient, statusOf } from './support/raw-client.ts';

const token = 'correct-horse-battery-staple';
const paths = [
  '/',
  '/page.js',
  '/api/v1/health',
  '/api/v1/sessions',
  '/api/v1/sessions/s',
  '/api/v1/sessions/s/watch',
  '/api/v1/events',
  '/api/v1/nothing',
];

async function servePage(options: { readonly token?: string } = {}): Promise<ServedRig> {
  const assets = async (): Promise<Response> => new Response('<script>alert(1)</script>');
  const rig = await serveRig({ assets, ...options });
  rig.sessions.put('s', ['a']);
  return rig;
}

describe('the Host header', () => {
  it.each([
    ['of another name', ['Host: evil.example']],
    ['of this machine on another port', ['Host: 127.0.0.1:1']],
    ['that only begins like this machine', ['Host: localhost.evil.example']],
    ['that is missing', []],
    ['that comes twice', ['Host: 127.0.0.1:$', 'Host: evil.example']],
    ['that comes twice the same', ['Host: 127.0.0.1:$', 'Host: 127.0.0.1:$']],
    ['that is empty', ['Host:']],
  ])('%s is refused on every route, before the token is looked at', async (_, lines) => {
    const { server } = await servePage({ token });
    const headers = lines.map((line) => line.replace('$', String(server.port)));
    for (const path of paths) {
      expect(await statusOf(server.port, [`GET ${path} HTTP/1.1`, ...headers])).toBe(421);
    }
  });

  it('is refused with a text that names no path and no session', async () => {
    const { server } = await servePage();
    const head = ['GET /api/v1/sessions/s HTTP/1.1', 'Host: evil.example', 'Connection: close'];
    const client = new RawClient(server.port, head);
    await client.closed;
    expect(client.text).toContain('does not answer under the host name');
    expect(client.text).not.toMatch(/\/api|\/home|sessions\/s/);
  });

  it('does not hide in an absolute request target', async () => {
    const { server } = await servePage();
    const host = `Host: 127.0.0.1:${server.port}`;
    for (const target of ['http://evil.example/', '*', 'evil.example:80']) {
      expect(await statusOf(server.port, [`GET ${target} HTTP/1.1`, host])).toBe(400);
    }
  });

  it('counts without a server too, before the token', async () => {
    const { handler } = createRig({ token });
    for (const path of paths) {
      expect((await handler(new Request(`http://evil.example${path}`))).status).toBe(421);
      const headers = { host: 'evil.example' };
      const hidden = new Request(`http://localhost:4700${path}`, { headers });
      expect((await handler(hidden)).status).toBe(421);
    }
  });

  it('may be any name of this machine with the right port', async () => {
    const { server } = await servePage();
    for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
      const head = ['GET /api/v1/health HTTP/1.1', `Host: ${name}:${server.port}`];
      expect(await statusOf(server.port, head)).toBe(200);
    }
  });

  it('may be a name the owner listed', async () => {
    const { server } = await serveRig(
      { hosts: ['one.example:443'] },
      { hosts: ['two.example:443'] },
    );
    for (const [name, status] of [
      ['one.example:443', 421],
      ['two.example:443', 200],
      ['three.example:443', 421],
    ]) {
      const head = ['GET /api/v1/health HTTP/1.1', `Host: ${name}`];
      expect(await statusOf(server.port, head)).toBe(status);
    }
  });
});

describe('the token', () => {
  it('is needed for everything below /api, and only in the header', async () => {
    const { server } = await servePage({ token });
    const ask = async (path: string, authorization?: string): Promise<Response> =>
      fetch(
        `${server.url}${path}`,
        authorization === undefined ? {} : { headers: { authorization } },
      );
    for (const path of paths.filter((candidate) => candidate.startsWith('/api'))) {
      expect((await ask(path)).status).toBe(401);
      expect((await ask(path, 'Bearer another-token-entirely')).status).toBe(401);
      expect((await ask(`${path}?token=${token}`)).status).toBe(401);
    }
    const admitted = await ask('/api/v1/sessions', `Bearer ${token}`);
    expect(admitted.status).toBe(200);
    const refused = await ask('/api/v1/sessions');
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect(await refused.text()).not.toContain(token);
  });

  it('is not needed to load the page, and needed to write to the app', async () => {
    const { server } = await servePage({ token });
    expect((await fetch(server.url)).status).toBe(200);
    const init = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    expect((await fetch(`${server.url}/action`, init)).status).toBe(401);
    const headers = { ...init.headers, authorization: `Bearer ${token}` };
    expect((await fetch(`${server.url}/action`, { ...init, headers })).status).toBe(200);
  });
});

describe('a page of another origin', () => {
  it.each([
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:3000' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('that sends %j reads nothing and writes nothing', async (headers) => {
    const { server } = await servePage();
    for (const path of paths) {
      for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
        const response = await fetch(`${server.url}${path}`, { method, headers });
        expect(response.status).toBe(403);
        const cors = [...response.headers.keys()].filter((name) =>
          name.startsWith('access-control'),
        );
        expect(cors).toEqual([]);
      }
    }
  });

  it('gets no CORS header from any answer, not even from its own', async () => {
    const { server } = await servePage();
    for (const path of ['/', '/api/v1/health', '/api/v1/nothing']) {
      const { headers } = await fetch(`${server.url}${path}`, { headers: { origin: server.url } });
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('cannot send a form', async () => {
    const { server, sessions } = await servePage();
    const body = JSON.stringify({ delete: 's' });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const init = { method: 'POST', body, headers: { 'content-type': type } };
      expect((await fetch(`${server.url}/api/v1/sessions/s`, init)).status).toBe(415);
    }
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
    const refused = await fetch(`${server.url}/api/v1/sessions/s`, init);
    expect(refused.status).toBe(405);
    expect(refused.headers.get('allow')).toBe('GET, HEAD');
    expect(sessions.version('s')).toMatchObject({ rev: 1, deleted: false });
  });
});

describe('an id of a session', () => {
  it.each([
    '../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e%2f',
    '%252e%252e%252f',
    '..%5c',
    'a%00b',
    '%2fetc%2fpasswd',
    '%EF%BC%8E%EF%BC%8E%EF%BC%8Fetc',
    '%ff',
    'x'.repeat(8000),
  ])('%.40s is never a path', async (id) => {
    const { server } = await serveRig();
    for (const rest of ['', '/messages', '/watch']) {
      const head = [`GET /api/v1/sessions/${id}${rest} HTTP/1.1`, `Host: 127.0.0.1:${server.port}`];
      expect([400, 404]).toContain(await statusOf(server.port, head));
    }
  });
});

describe('hostile text in a message', () => {
  const text =
    '<script>alert(1)</script>\u001B[2J\u001B]52;c;eA==\u0007\u202E\r\n\r\nevent: x\r\nid: y';

  it('stays data, in a frame and in a page', async () => {
    const { connect, server, sessions } = await serveRig();
    sessions.put('s', [text]);
    const reader = await connect('/api/v1/sessions/s/watch?mode=messages&from=start');
    await reader.next();
    expect(await reader.next()).toMatchObject({
      event: 'messages',
      id: 'e1.1.1',
      data: { items: [{ message: { text } }] },
    });
    const page = await fetch(`${server.url}/api/v1/sessions/s/messages`);
    expect(page.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.json()).toMatchObject({ items: [{ message: { text } }] });
  });

  it('runs nothing in the page: inline scripts are blocked unless the app allows them', async () => {
    const { server } = await servePage();
    const { headers } = await fetch(server.url);
    expect(headers.get('content-security-policy')).toMatch(/script-src 'self'(;|$)/);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});
