import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { Bench, printed, type Running } from '../support/bench.ts';

async function urlOf(running: Running): Promise<string> {
  await printed(running, '"listening"');
  return String(running.stdout.events[0]?.data['url']);
}

describe('serve', () => {
  it('serves the sessions below the root and follows them', async () => {
    const bench = new Bench();
    bench.write('abc', 'one');
    const running = bench.start(['serve', '--port', '0', '--json']);
    const url = await urlOf(running);
    await expect
      .poll(async () => (await (await fetch(`${url}/api/v1/sessions`)).json()).items.length)
      .toBe(1);
    const response = await fetch(`${url}/api/v1/sessions/abc/watch?mode=messages`);
    const reader = response.body?.getReader();
    const read = async (): Promise<string> => {
      const { value } = (await reader?.read()) ?? {};
      return new TextDecoder().decode(value);
    };
    expect(await read()).toContain('event: hello');
    bench.append('abc', 'abc-1', 'two');
    expect(await read()).toContain('"two"');
    running.interrupt();
    expect(await read()).toContain('event: bye');
    expect(await running.done).toBe(130);
    expect(running.stderr.text).toBe('');
  });

  it('prints its address for a person, and when every transcript is read', async () => {
    const bench = new Bench();
    bench.write('abc', 'one');
    const running = bench.start(['serve', '--port', '0']);
    await printed(running, 'every transcript is read');
    expect(running.stdout.text).toMatch(
      /^serving .*sessions\.db on http:\/\/127\.0\.0\.1:\d+ \(transcripts are being read\)\nevery transcript is read\n$/,
    );
  });

  it('tells programs by its health when every transcript is read', async () => {
    const bench = new Bench();
    bench.write('abc', 'one');
    const running = bench.start(['serve', '--port', '0', '--json']);
    const url = await urlOf(running);
    expect(running.stdout.events[0]?.data).toMatchObject({ synced: false });
    const health = async (): Promise<unknown> => (await fetch(`${url}/api/v1/health`)).json();
    await expect.poll(health).toMatchObject({ status: 'ok', synced: true });
    expect((await (await fetch(`${url}/api/v1/sessions`)).json()).items).toHaveLength(1);
  });

  it('reads nothing for a database it may not write', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may write everywhere');
    const bench = new Bench();
    bench.write('abc', 'one');
    await bench.run(['session', 'list']);
    chmodSync(bench.database, 0o400);
    const running = bench.start(['serve', '--port', '0', '--json']);
    const url = await urlOf(running);
    expect(running.stdout.events[0]?.data).toMatchObject({ synced: true });
    expect(await (await fetch(`${url}/api/v1/health`)).json()).toMatchObject({ synced: true });
  });

  it('asks for the token of a file', async () => {
    const bench = new Bench();
    writeFileSync(join(bench.directory, 'token'), 'a-long-enough-token\n');
    const args = ['serve', '--port', '0', '--json', '--host', '0.0.0.0', '--token-file', 'token'];
    const running = bench.start(args);
    const { port } = new URL(await urlOf(running));
    const url = `http://127.0.0.1:${port}/api/v1/health`;
    expect((await fetch(url)).status).toBe(401);
    const headers = { authorization: 'Bearer a-long-enough-token' };
    expect((await fetch(url, { headers })).status).toBe(200);
  });
});
