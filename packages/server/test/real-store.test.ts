import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createSessionMonitor, createSessionSync, createSqliteStore } from '@watchkeeper/session';
import { expect, it, onTestFinished } from 'vitest';

import { createHandler, serve } from '../src/index.ts';
import { EventReader, Replica } from './support/event-reader.ts';

/** Everything from a transcript on disk to a client over the network, with nothing replaced. */
async function serveTranscripts() {
  const directory = mkdtempSync(join(tmpdir(), 'watchkeeper-server-'));
  mkdirSync(join(directory, 'projects', 'p'), { recursive: true });
  const file = join(directory, 'projects', 'p', 's.jsonl');
  let written = 0;
  const append = (text: string): void => {
    written += 1;
    const message = { role: 'user', content: text };
    const record = { type: 'user', uuid: `u${written}`, sessionId: 's', message };
    appendFileSync(file, `${JSON.stringify(record)}\n`);
  };
  writeFileSync(file, '');
  const path = join(directory, 'sessions.db');
  const start = async () => {
    const store = createSqliteStore({ path });
    const sync = createSessionSync({ store, roots: [join(directory, 'projects')] });
    const monitor = createSessionMonitor(store, { sync });
    const server = await serve({ handler: createHandler({ store, monitor }) });
    await sync.start();
    let stopped: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      await server.close();
      await monitor.close();
      await sync.close();
      await store.close();
    };
    return { url: server.url, store, stop: () => (stopped ??= stop()) };
  };
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return { append, start, written: () => written };
}

async function watch(url: string, lastId: string | null): Promise<EventReader> {
  const headers: Record<string, string> = lastId === null ? {} : { 'last-event-id': lastId };
  const path = '/api/v1/sessions/s/watch?mode=messages&from=start';
  return new EventReader(await fetch(`${url}${path}`, { headers }));
}

it('delivers every line of a transcript once, over a restart of the server', async () => {
  const transcripts = await serveTranscripts();
  const replica = new Replica();
  transcripts.append('first');
  const first = await transcripts.start();
  onTestFinished(() => first.stop());
  const before = await watch(first.url, null);
  for (let line = 0; line < 20; line += 1) transcripts.append(`line ${line}`);
  while (replica.rows.size < transcripts.written()) replica.apply(await before.nextOf('messages'));
  const ending = before.rest();
  await first.stop();
  expect((await ending).at(-1)).toMatchObject({ event: 'bye' });
  for (let line = 0; line < 500; line += 1) transcripts.append(`while it was down ${line}`);
  const second = await transcripts.start();
  onTestFinished(() => second.stop());
  const after = await watch(second.url, before.lastId);
  expect(await after.next()).toMatchObject({ event: 'hello', data: { resumed: 'replayed' } });
  transcripts.append('last');
  while (replica.rows.size < transcripts.written()) replica.apply(await after.nextOf('messages'));
  expect(replica.applied).toBe(transcripts.written());
  await after.cancel();
});

it('tells of a deletion by another connection, then answers 410', async () => {
  const transcripts = await serveTranscripts();
  transcripts.append('first');
  const running = await transcripts.start();
  onTestFinished(() => running.stop());
  const reader = await watch(running.url, null);
  await reader.nextOf('messages');
  await running.store.delete('s');
  expect(await reader.nextOf('session.gone')).toMatchObject({ data: { reason: 'deleted' } });
  expect(await reader.next()).toBeNull();
  expect((await fetch(`${running.url}/api/v1/sessions/s`)).status).toBe(410);
});

it('answers a page token it did not give with 400', async () => {
  const transcripts = await serveTranscripts();
  const running = await transcripts.start();
  onTestFinished(() => running.stop());
  const response = await fetch(`${running.url}/api/v1/sessions?after=garbage`);
  expect(response.status).toBe(400);
});
