import { createManualClock } from '@watchkeeper/core/testing';
import { describe, expect, it } from 'vitest';

import { FRAME_MAX_BYTES, STALL_TIMEOUT_MS } from '../src/index.ts';
import { Replica } from './support/event-reader.ts';
import { serveRig } from './support/harness.ts';
import { RawClient } from './support/raw-client.ts';

/** A client over the network whose socket is not read after the head of the answer. */
async function stalledClient(port: number, path: string): Promise<RawClient> {
  const client = new RawClient(port, [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`]);
  await expect.poll(() => client.status).toBe(200);
  client.socket.pause();
  return client;
}

const watch = '/api/v1/sessions/s/watch';

describe('a client that stops reading', () => {
  it('is cut 30 s after the first missing drain; others read on; it resumes without a gap', async () => {
    const clock = createManualClock();
    const { connect, handler, server, sessions } = await serveRig({}, { clock });
    const text = 'x'.repeat(100_000);
    sessions.put('s', [text]);
    const stalled = await stalledClient(server.port, `${watch}?mode=messages&from=start`);
    const replica = new Replica();
    const other = await connect(`${watch}?mode=messages&from=start`);
    for (let round = 0; round < 40; round += 1) {
      sessions.put('s', [text, text]);
      while (replica.rows.size < sessions.rows('s').size) {
        replica.apply(await other.nextOf('messages'));
      }
    }
    // The kernel's buffers are full, so the server waits for a drain.
    await expect.poll(() => clock.pending).toBeGreaterThan(0);
    const readsBefore = sessions.reads.length;
    for (let round = 0; round < 100; round += 1) sessions.put('s', ['small']);
    replica.apply(await other.nextOf('messages'));
    expect(sessions.reads.length - readsBefore).toBeLessThan(10);
    await clock.advance(STALL_TIMEOUT_MS - 1);
    expect(handler.stats().streams).toBe(2);
    await clock.advance(1);
    await expect.poll(() => handler.stats().streams).toBe(1);
    stalled.socket.resume();
    await stalled.closed;
    expect(stalled.text.length).toBeGreaterThan(FRAME_MAX_BYTES);
    const ids = [...stalled.text.matchAll(/^id: (.*)$/gm)].map((match) => match[1] ?? '');
    // The last id may belong to half a frame: the one before is of a whole frame.
    const resumed = await connect(`${watch}?mode=messages`, { 'last-event-id': ids.at(-2) ?? '' });
    expect((await resumed.next())?.data).toMatchObject({ resumed: 'replayed' });
    await resumed.nextOf('messages');
  });
});

describe('a client that reads slowly in tick mode', () => {
  it('sees far fewer frames than changes, and the last one', async () => {
    const { server, sessions } = await serveRig();
    sessions.put('s', ['a']);
    const slow = await stalledClient(server.port, watch);
    const changes = 30_000;
    for (let change = 0; change < changes; change += 1) {
      sessions.emit('s', {
        type: 'tick',
        sessionId: 's',
        version: { epoch: 'e1', rev: change + 2, messageCount: 1, source: null, deleted: false },
        prev: change + 1,
        cause: 'hint',
      });
      if (change % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    slow.socket.resume();
    await expect.poll(() => slow.text).toContain(`"rev":${changes + 1},`);
    expect(slow.text.match(/event: session\.updated/g)?.length).toBeLessThan(changes / 10);
    slow.socket.destroy();
  });
});
