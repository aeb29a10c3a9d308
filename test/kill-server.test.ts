import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { WireItem } from '@watchkeeper/server';
import type { SessionRow } from '@watchkeeper/session';
import { messageKey, parseFullSession } from '@watchkeeper/transcript';
import { afterAll, expect, test } from 'vitest';

import { RunningProcess } from './support/running-process.ts';
import { makeTranscriptRoot } from './support/transcript.ts';

const ROUNDS = 5;
const transcript = makeTranscriptRoot([]);
afterAll(() => rmSync(transcript.directory, { recursive: true, force: true }));

async function startServer(): Promise<{ server: RunningProcess; url: string }> {
  const server = new RunningProcess('packages/cli/src/bin.ts', [
    '--db',
    join(transcript.directory, 'sessions.db'),
    '--root',
    transcript.root,
    'serve',
    '--port',
    '0',
  ]);
  const line = await server.line((text) => text.includes('http://'));
  return { server, url: /http:\/\/[^\s/]+/u.exec(line)?.[0] ?? '' };
}

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

/** All messages of a session through the API, page by page. */
async function allItems(url: string, id: string): Promise<WireItem[]> {
  const items: WireItem[] = [];
  for (;;) {
    const from = items.at(-1)?.seq;
    const query = new URLSearchParams({
      dir: 'asc',
      limit: '200',
      ...(from === undefined ? {} : { from: String(from) }),
    });
    const page = await get<{ items: WireItem[] }>(`${url}/api/v1/sessions/${id}/messages?${query}`);
    if (page.items.length === 0) return items;
    items.push(...page.items);
  }
}

/** A stored row. */
interface Row {
  readonly key: string;
  readonly message: unknown;
}

/** The row behind an item, also behind one that was too large for its page. */
async function whole(url: string, item: WireItem): Promise<Row> {
  if (item.t === 'del') throw new Error(`nobody took ${item.key} back`);
  const { key, message } =
    'href' in item
      ? await get<Row>(`${url}${item.href}`)
      : { key: item.key, message: item.message };
  return { key, message };
}

/** The rows that a transcript has to become, each line once. */
function expectedRows(text: string): Row[] {
  return parseFullSession(text).messages.map((message) => ({ key: messageKey(message), message }));
}

test(`a server killed ${ROUNDS} times while agents write has every line exactly once after its restart`, async () => {
  const agent = new RunningProcess('apps/demo/src/agent/main.ts', [
    '--root',
    transcript.root,
    '--speed',
    '40',
  ]);
  for (let round = 0; round < ROUNDS; round += 1) {
    const { server, url } = await startServer();
    const lines = async (): Promise<number> => {
      const { items } = await get<{ items: SessionRow[] }>(`${url}/api/v1/sessions`);
      return items.reduce((sum, row) => sum + row.version.messageCount, 0);
    };
    const before = await lines();
    await expect.poll(lines, { timeout: 15_000 }).toBeGreaterThan(before);
    await server.end('SIGKILL');
  }
  expect(await agent.end('SIGTERM')).toMatchObject({ code: 0 });

  const { server, url } = await startServer();
  const sources = (await get<{ items: SessionRow[] }>(`${url}/api/v1/sessions?limit=1000`)).items;
  expect(sources.length).toBeGreaterThanOrEqual(2);
  for (const row of sources) {
    const path = row.version.source?.path ?? '';
    const text = readFileSync(path, 'utf8');
    const written = text.split('\n').slice(0, -1);
    await expect
      .poll(
        async () =>
          (await get<SessionRow>(`${url}/api/v1/sessions/${row.id}`)).version.messageCount,
      )
      .toBe(written.length);
    // A line without a uuid that was read twice is a second row.
    expect(written.some((line) => !('uuid' in JSON.parse(line)))).toBe(row.parentId === null);
    const stored = await Promise.all((await allItems(url, row.id)).map((item) => whole(url, item)));
    expect(stored).toEqual(expectedRows(text));
  }
  expect(await server.end('SIGTERM')).toMatchObject({ code: 143 });
}, 120_000);
