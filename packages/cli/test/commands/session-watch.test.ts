import { createHandler } from '@watchkeeper/server';
import { createSessionMonitor, createSqliteStore } from '@watchkeeper/session';
import { describe, expect, it } from 'vitest';

import { Bench, type JsonEvent, printed } from '../support/bench.ts';

const itemsOf = (events: readonly JsonEvent[]): readonly string[] =>
  events
    .filter(({ event }) => event === 'messages')
    .flatMap(({ data }) => data['items'] as readonly { key: string }[])
    .map(({ key }) => key);

describe('session watch', () => {
  it('prints a line for a change by another writer, well within two seconds', async () => {
    const bench = new Bench();
    bench.write('abc', 'one');
    const running = bench.start(['session', 'watch', 'abc', '--json']);
    await printed(running, '"hello"');
    const appended = performance.now();
    bench.append('abc', 'abc-1', 'two');
    await printed(running, '"session.updated"');
    expect(performance.now() - appended).toBeLessThan(2000);
    expect(running.stdout.events.at(-1)).toMatchObject({
      event: 'session.updated',
      data: { sessionId: 'abc', messageCount: 2 },
    });
    running.interrupt();
    expect(await running.done).toBe(130);
  });

  it('prints messages for a person', async () => {
    const bench = new Bench();
    bench.write('abc', 'old');
    const running = bench.start(['session', 'watch', 'ab', '--messages']);
    await printed(running, 'watching abc at revision 1, 1 messages');
    bench.append('abc', 'abc-1', 'new \u001B[2Jtext');
    await printed(running, '03:04:05 user      new text\n');
    expect(running.stdout.text).not.toContain('old');
  });

  it('starts from now, from the start, or after a cursor: exactly what came after it', async () => {
    const bench = new Bench();
    bench.write('abc', 'one', 'two');
    const watch = async (...args: readonly string[]): Promise<readonly JsonEvent[]> => {
      const until = ['--messages', '--json', '--until', 'idle:300ms'];
      const { code, stdout, stderr } = await bench.run([
        'session',
        'watch',
        'abc',
        ...until,
        ...args,
      ]);
      expect({ code, stderr: stderr.text }).toEqual({ code: 0, stderr: '' });
      return stdout.events;
    };
    expect(itemsOf(await watch())).toEqual([]);
    const first = await watch('--from', 'start');
    expect(itemsOf(first)).toEqual(['abc-0', 'abc-1']);
    const cursor = first.at(-1)?.id ?? '';
    for (let index = 0; index < 100; index += 1) bench.append('abc', `later-${index}`, 'x');
    const later = await watch('--from', cursor);
    expect(later[0]).toMatchObject({ event: 'hello', data: { resumed: 'replayed' } });
    expect(itemsOf(later)).toEqual(Array.from({ length: 100 }, (_, index) => `later-${index}`));
  });

  it('says reset for a cursor of another database', async () => {
    const bench = new Bench();
    bench.write('abc', 'one');
    const args = ['--from', 'otherepoch.1.1', '--json', '--until', 'idle:100ms'];
    const { code, stdout } = await bench.run(['session', 'watch', 'abc', ...args]);
    expect(code).toBe(0);
    expect(stdout.events.map(({ event }) => event)).toEqual(['hello', 'reset']);
    expect(stdout.events[1]?.data).toEqual({ sessionId: 'abc', reason: 'epoch' });
  });

  it('waits for a session that does not exist yet, by its whole id', async () => {
    const bench = new Bench();
    bench.write('abcd', 'another session');
    const running = bench.start(['session', 'watch', 'abc', '--wait', '--messages', '--json']);
    await printed(running, '"pending"');
    bench.write('abc', 'here');
    await printed(running, '"event":"messages"');
    expect(itemsOf(running.stdout.events)).toEqual(['abc-0']);
  });

  it('ends with 7 after its timeout', async () => {
    const bench = new Bench();
    bench.write('abc', 'one');
    const { code } = await bench.run(['session', 'watch', 'abc', '--timeout', '200ms']);
    expect(code).toBe(7);
  });

  it.each([
    [[], 4],
    [['--until', 'gone'], 0],
  ])('ends with %j and %i when another process deletes the session', async (args, expected) => {
    const bench = new Bench();
    bench.write('abc', 'one');
    const running = bench.start(['session', 'watch', 'abc', '--json', ...args]);
    await printed(running, '"hello"');
    const store = createSqliteStore({ path: bench.database });
    await store.delete('abc');
    await store.close();
    expect(await running.done).toBe(expected);
    expect(running.stdout.events.at(-1)).toMatchObject({ event: 'session.gone' });
  });

  it('shows a session whose transcript is gone', async () => {
    const bench = new Bench();
    bench.write('abc', 'one');
    await bench.run(['session', 'list']);
    const other = new Bench();
    const args = [
      'session',
      'watch',
      'abc',
      '--messages',
      '--from',
      'start',
      '--until',
      'idle:100ms',
    ];
    const running = bench.startBare([...args, '--db', bench.database, '--root', other.root]);
    expect(await running.done).toBe(0);
    expect(running.stdout.text).toContain('user      one');
  });

  it('prints the names, ids and data of the server’s stream', async () => {
    const bench = new Bench();
    bench.write('abc', 'odd \u0000 text \u2028 \n\nevent: x\r\nid: y \u001B[2J 🎉', 'two');
    const args = ['--messages', '--json', '--from', 'start', '--until', 'idle:100ms'];
    const { stdout } = await bench.run(['session', 'watch', 'abc', ...args]);
    const store = createSqliteStore({ path: bench.database, readOnly: true });
    const monitor = createSessionMonitor(store);
    const handler = createHandler({ store, monitor });
    const url = 'http://localhost/api/v1/sessions/abc/watch?mode=messages&from=start';
    const response = await handler(new Request(url));
    const reader = response.body?.getReader();
    let text = '';
    while (!text.includes('event: messages') || !text.endsWith('\n\n')) {
      const { value } = (await reader?.read()) ?? {};
      text += new TextDecoder().decode(value);
    }
    await reader?.cancel();
    await handler.close();
    await monitor.close();
    await store.close();
    const sent = text
      .split('\n\n')
      .filter((block) => block !== '')
      .map((block) => {
        const field = (name: string): string =>
          block
            .split('\n')
            .find((line) => line.startsWith(`${name}: `))
            ?.slice(name.length + 2) ?? '';
        return { event: field('event'), id: field('id'), data: JSON.parse(field('data')) };
      });
    expect(stdout.events).toEqual(sent);
  });
});
