import { createManualClock } from '@watchkeeper/core/testing';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';

import { isServerError, MAX_BODY_BYTES, serve, type ServeOptions } from '../src/index.ts';
import { serveRig } from './support/harness.ts';
import { RawClient } from './support/raw-client.ts';

const hello = async (): Promise<Response> => new Response('hello');

async function failure(options: ServeOptions): Promise<unknown> {
  try {
    const server = await serve(options);
    await server.close();
  } catch (error) {
    return error;
  }
  throw new Error('the server listens');
}

describe('listening', () => {
  it('takes a free port of the loopback address, and says where', async () => {
    const server = await serve({ handler: hello });
    onTestFinished(() => server.close());
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    expect(await (await fetch(server.url)).text()).toBe('hello');
  });

  it('says that a port is in use, and what to do', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        if (address !== null && typeof address === 'object') resolve(address.port);
      });
    });
    onTestFinished(
      () =>
        new Promise<void>((resolve) => {
          other.close(() => resolve());
        }),
    );
    const error = await failure({ handler: hello, port });
    expect(isServerError(error)).toBe(true);
    expect(error).toMatchObject({
      name: 'ServerError',
      code: 'ERR_SERVER_PORT_IN_USE',
      host: '127.0.0.1',
      port,
      remedy: expect.stringContaining('another port'),
      cause: { code: 'EADDRINUSE' },
    });
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'example.invalid'])(
    'refuses %s while the handler has no token',
    async (host) => {
      const error = await failure({ handler: hello, host });
      expect(error).toMatchObject({
        code: 'ERR_SERVER_EXPOSED',
        remedy: expect.stringContaining('token'),
      });
    },
  );

  it('listens for other machines once the handler has a token', async () => {
    const { server } = await serveRig({ token: 'a-token-that-is-long' }, { host: '0.0.0.0' });
    const response = await fetch(`http://127.0.0.1:${server.port}/api/v1/health`);
    expect(response.status).toBe(401);
  });

  it('says that an address is not one of this machine', async () => {
    await expect(
      serveRig({ token: 'a-token-that-is-long' }, { host: '192.0.2.1' }),
    ).rejects.toMatchObject({ code: 'ERR_SERVER_ADDRESS' });
  });

  it.each([-1, 65_536, 1.5, Number.NaN])('names the option for port %s', async (port) => {
    await expect(serve({ handler: hello, port })).rejects.toThrow(/^port: wanted/);
  });
});

it('names the option for a host without a port', async () => {
  await expect(serve({ handler: hello, hosts: ['watch.example'] })).rejects.toThrow(
    /^hosts: wanted/,
  );
});

describe('carrying requests', () => {
  it('hands the body and the headers to the handler', async () => {
    const handler = async (request: Request): Promise<Response> =>
      Response.json([request.method, request.headers.get('x-a'), await request.text()]);
    const server = await serve({ handler });
    onTestFinished(() => server.close());
    const init = { method: 'PUT', body: 'tëxt', headers: { 'x-a': '1' } };
    expect(await (await fetch(server.url, init)).json()).toEqual(['PUT', '1', 'tëxt']);
  });

  it('refuses a body that is too large before the handler sees it', async () => {
    let calls = 0;
    const server = await serve({
      handler: async () => {
        calls += 1;
        return new Response('ok');
      },
    });
    onTestFinished(() => server.close());
    const init = { method: 'POST', body: new Uint8Array(MAX_BODY_BYTES + 1) };
    expect((await fetch(server.url, init)).status).toBe(413);
    expect(calls).toBe(0);
  });

  it('answers 500 for a handler that throws, and lives on', async () => {
    let fail = true;
    const server = await serve({
      handler: async () => {
        if (fail) throw new Error('secret');
        return new Response('ok');
      },
    });
    onTestFinished(() => server.close());
    const refused = await fetch(server.url);
    expect(refused.status).toBe(500);
    expect(await refused.text()).not.toContain('secret');
    fail = false;
    expect((await fetch(server.url)).status).toBe(200);
  });

  it('cuts the connection when a body fails half-way', async () => {
    const server = await serve({
      handler: async () =>
        new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(new TextEncoder().encode('half')),
            pull: (controller) => controller.error(new Error('disk')),
          }),
        ),
    });
    onTestFinished(() => server.close());
    const response = await fetch(server.url);
    await expect(response.text()).rejects.toThrow('terminated');
  });
});

describe('closing', () => {
  it('says bye to every stream, refuses the next client, and ends', async () => {
    const { connect, server, sessions } = await serveRig();
    sessions.put('s', ['a']);
    const readers = await Promise.all(
      Array.from({ length: 20 }, () => connect('/api/v1/sessions/s/watch')),
    );
    for (const reader of readers) await reader.next();
    const ends = Promise.all(readers.map((reader) => reader.rest()));
    await server.close();
    for (const frames of await ends) expect(frames.map(({ event }) => event)).toEqual(['bye']);
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
    expect(sessions.watching).toBe(0);
    await server.close();
  });

  it('does not wait for idle connections or for clients that do not read', async () => {
    const clock = createManualClock();
    const { sessions, server } = await serveRig({ clock }, { clock });
    sessions.put('s', ['a']);
    const host = `Host: 127.0.0.1:${server.port}`;
    const idle = new RawClient(server.port, ['GET /api/v1/health HTTP/1.1', host]);
    const stalled = new RawClient(server.port, ['GET /api/v1/sessions/s/watch HTTP/1.1', host]);
    await expect.poll(() => [idle.status, stalled.status]).toEqual([200, 200]);
    stalled.socket.pause();
    await Promise.all([server.close(), idle.closed]);
    stalled.socket.resume();
    await stalled.closed;
    expect(clock.pending).toBe(0);
  });
});
