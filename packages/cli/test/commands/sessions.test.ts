import { createSqliteStore } from '@watchkeeper/session';
import { describe, expect, it } from 'vitest';

import { Bench } from '../support/bench.ts';

describe('session list', () => {
  it('lists what the transcripts below the root hold, on first use', async () => {
    const bench = new Bench();
    bench.write('aaa', 'first prompt', 'second');
    bench.write('bbb', 'other');
    const { code, stdout, stderr } = await bench.run(['session', 'list']);
    expect({ code, stderr: stderr.text }).toEqual({ code: 0, stderr: '' });
    expect(stdout.text.split('\n').toSorted()).toEqual([
      '',
      expect.stringMatching(
        /^aaa {2}2026-01-02 03:04 +2 {2}first prompt +\/home\/someone\/project$/,
      ),
      expect.stringMatching(/^bbb {2}2026-01-02 03:04 +1 {2}other +\/home\/someone\/project$/),
    ]);
  });

  it('prints one object per session with --json', async () => {
    const bench = new Bench();
    bench.write('aaa', 'x');
    const { stdout } = await bench.run(['session', 'list', '--json']);
    expect(stdout.events).toMatchObject([{ event: 'session', id: null, data: { id: 'aaa' } }]);
  });

  it('lists at most so many, and those of one directory', async () => {
    const bench = new Bench();
    for (const id of ['aaa', 'bbb', 'ccc']) bench.write(id, 'x');
    const ids = async (...args: readonly string[]): Promise<number> => {
      const { stdout } = await bench.run(['session', 'list', '--json', ...args]);
      return stdout.events.length;
    };
    expect(await ids('--limit', '2')).toBe(2);
    expect(await ids('--cwd', '/home/someone/project')).toBe(3);
    expect(await ids('--cwd', '/elsewhere')).toBe(0);
    expect(await ids('--provider', 'claude-code')).toBe(3);
    expect(await ids('--provider', 'other')).toBe(0);
  });

  it('reads no transcripts with --no-sync', async () => {
    const bench = new Bench();
    bench.write('aaa', 'x');
    await bench.run(['session', 'list']);
    bench.write('bbb', 'x');
    const { stdout } = await bench.run(['session', 'list', '--json', '--no-sync']);
    expect(stdout.events.map(({ data }) => data['id'])).toEqual(['aaa']);
  });

  it('says where it looked when there is nothing, to a person', async () => {
    const bench = new Bench();
    const { code, stdout, stderr } = await bench.run(['session', 'list'], { terminal: true });
    expect({ code, stdout: stdout.text }).toEqual({ code: 0, stdout: '' });
    expect(stderr.text).toBe(`no sessions below ${bench.root}\n`);
  });

  it('prints nothing that could drive a terminal', async () => {
    const bench = new Bench();
    bench.write('aaa', '\u001B]0;owned\u0007title\r\u001B[31m red');
    const { stdout } = await bench.run(['session', 'list'], {
      terminal: true,
      env: { NO_COLOR: '1' },
    });
    expect(stdout.text).toContain('  title red  ');
    expect(stdout.text).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});

describe('session show', () => {
  it('shows a session by the beginning of its id', async () => {
    const bench = new Bench();
    bench.write('abc-1', 'hello there', 'and more');
    const { code, stdout } = await bench.run(['session', 'show', 'abc']);
    expect(code).toBe(0);
    expect(stdout.text).toContain('session    abc-1\n');
    expect(stdout.text).toContain(`transcript ${bench.transcript('abc-1')}\n`);
    expect(stdout.text).toMatch(/03:04:05 user {6}hello there\n03:04:05 user {6}and more\n$/);
  });

  it('shows the newest messages, and all of them when asked', async () => {
    const bench = new Bench();
    const texts = Array.from({ length: 250 }, (_, index) => `prompt ${index}.`);
    bench.write('abc', ...texts);
    const shown = async (...args: readonly string[]): Promise<readonly string[]> => {
      const { stdout } = await bench.run(['session', 'show', 'abc', ...args]);
      return [...stdout.text.matchAll(/user {6}(.*)$/gm)].map((match) => match[1] ?? '');
    };
    expect(await shown()).toEqual(texts.slice(-50));
    expect(await shown('--limit', '120')).toEqual(texts.slice(-120));
    expect(await shown('--limit', '1000')).toEqual(texts);
    expect(await shown('--all')).toEqual(texts);
  });

  it('gives with --json the cursor from which watching goes on', async () => {
    const bench = new Bench();
    bench.write('abc', 'one');
    const { stdout } = await bench.run(['session', 'show', 'abc', '--json']);
    const [head, page] = stdout.events;
    expect(head).toMatchObject({ event: 'session', data: { id: 'abc' } });
    expect(page).toMatchObject({
      event: 'messages',
      data: { items: [{ t: 'put', message: { text: 'one' } }] },
    });
    bench.append('abc', 'abc-1', 'two');
    const from = ['--from', head?.id ?? '', '--until', 'idle:300ms'];
    const watched = await bench.run(['session', 'watch', 'abc', '--messages', '--json', ...from]);
    const keys = watched.stdout.events
      .filter(({ event }) => event === 'messages')
      .flatMap(({ data }) => data['items'] as readonly { key: string }[])
      .map(({ key }) => key);
    expect(keys).toEqual(['abc-1']);
  });

  it('tells that a session was deleted', async () => {
    const bench = new Bench();
    bench.write('abc', 'one');
    await bench.run(['session', 'list']);
    const store = createSqliteStore({ path: bench.database });
    await store.delete('abc');
    await store.close();
    for (const verb of ['show', 'watch']) {
      const { code, stderr } = await bench.run(['session', verb, 'abc']);
      expect([3, 4]).toContain(code);
      expect(stderr.text).toMatch(/^watchkeeper: .*; list .*\n$/);
    }
  });
});
