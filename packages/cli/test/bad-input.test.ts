import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { Bench, type Running } from './support/bench.ts';

/** One line on stderr, nothing on stdout. */
async function failureOf(running: Running): Promise<{ code: number; line: string }> {
  const code = await running.done;
  expect(running.stdout.text).toBe('');
  expect(running.stderr.text).toMatch(/^watchkeeper: [^\n]+\n$/);
  return { code, line: running.stderr.text.slice('watchkeeper: '.length, -1) };
}

describe('a wrong command line is answered with one line, a way out, and 2', () => {
  it.each<[readonly string[], RegExp]>([
    [['lst'], /unknown command 'lst'.*see watchkeeper --help/],
    [['session', 'lst'], /unknown command 'lst' \(Did you mean list\?\)/],
    [['session', 'show'], /missing required argument 'id'/],
    [['session', 'list', 'extra'], /too many arguments/],
    [
      ['session', 'list', '--limit', '0'],
      /--limit <number>' argument '0' is invalid. Use a whole number above 0/,
    ],
    [['session', 'list', '--nope'], /unknown option '--nope'/],
    [
      ['session', 'watch', 'x', '--from', 'yesterday'],
      /--from: "yesterday" is neither now, start nor a cursor; a cursor is/,
    ],
    [['session', 'watch', 'x', '--until', 'tomorrow'], /Use gone, or idle:/],
    [['session', 'watch', 'x', '--timeout', '5'], /Use a number and ms, s, m or h/],
    [['session', 'watch', ''], /Use the id of a session, or the beginning of one/],
    [['serve', '--port', '70000'], /Use a whole number from 0 to 65535/],
    [['serve', '--port', 'http'], /Use a whole number from 0 to 65535/],
    [['serve', '--token-file', 'missing'], /--token-file: ENOENT.*; name a file/],
    [['serve', '--port', '0', '--allow-host', 'no-port'], /hosts: wanted/],
    [['tail', 'x', '--from', 'middle'], /Allowed choices are start, end/],
    [
      ['session', 'list', '--root', 'missing'],
      /--root: .*missing does not exist; name a directory/,
    ],
    [['session', 'list', '--backend', ','], /--backend: a name is missing; use auto/],
  ])('%j', async (args, expected) => {
    const bench = new Bench();
    const { code, line } = await failureOf(bench.startBare([...args, '--db', bench.database]));
    expect(line).toMatch(expected);
    expect(code).toBe(2);
  });

  it('shows the help when there is no command', async () => {
    const running = new Bench().startBare([]);
    expect(await running.done).toBe(2);
    expect(running.stderr.text).toContain('Usage: watchkeeper');
  });
});

describe('what is not there is answered with 3', () => {
  it.each(['show', 'watch'])('session %s of an unknown id', async (verb) => {
    const bench = new Bench();
    bench.write('abc', 'x');
    const { code, line } = await failureOf(bench.start(['session', verb, 'zzz']));
    expect(code).toBe(3);
    expect(line).toMatch(
      /no session has the id "zzz".*; list them with: watchkeeper session list$/,
    );
  });

  it('tail of a file that does not exist', async () => {
    const bench = new Bench();
    const { code, line } = await failureOf(bench.startBare(['tail', 'missing.log']));
    expect(code).toBe(3);
    expect(line).toBe(`${join(bench.directory, 'missing.log')} does not exist; check the path`);
  });
});

describe('an id that could mean two sessions', () => {
  it.each(['show', 'watch'])(
    'is never guessed by session %s, not even on first use',
    async (verb) => {
      const bench = new Bench();
      bench.write('abc-1', 'x');
      bench.write('abc-2', 'x');
      const { code, line } = await failureOf(bench.start(['session', verb, 'abc']));
      expect(code).toBe(2);
      expect(line).toMatch(
        /"abc" is the beginning of 2 session ids: abc-[12], abc-[12]; give more of the id/,
      );
    },
  );

  it('is the whole id where there is one', async () => {
    const bench = new Bench();
    bench.write('abc', 'x');
    bench.write('abc-2', 'x');
    const { code, stdout } = await bench.run(['session', 'show', 'abc', '--json']);
    expect(code).toBe(0);
    expect(stdout.events[0]?.data['id']).toBe('abc');
  });
});

describe('other failures are answered with 1', () => {
  it('a port in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { code, line } = await failureOf(new Bench().start(['serve', '--port', String(port)]));
    expect(code).toBe(1);
    expect(line).toMatch(
      /cannot listen on 127\.0\.0\.1 port \d+: another process listens there; choose another port/,
    );
  });

  it('an address others can reach, without a token', async () => {
    const { code, line } = await failureOf(new Bench().start(['serve', '--host', '0.0.0.0']));
    expect(code).toBe(1);
    expect(line).toMatch(
      /refused to listen on 0\.0\.0\.0.*; set a token, or listen on 127\.0\.0\.1/,
    );
  });

  it('a database directory that cannot be made', async () => {
    const bench = new Bench();
    writeFileSync(join(bench.directory, 'file'), '');
    const args = ['session', 'list', '--db', 'file/sessions.db', '--root', bench.root];
    const { code, line } = await failureOf(bench.startBare(args));
    expect(code).toBe(1);
    expect(line).toMatch(/sessions\.db cannot be written; give this user write access/);
  });

  it('a database that is none', async () => {
    const bench = new Bench();
    writeFileSync(
      join(bench.directory, 'x.db'),
      'this is no database, and long enough to be read as one',
    );
    const args = ['session', 'list', '--db', 'x.db', '--root', bench.root];
    const { code, line } = await failureOf(bench.startBare(args));
    expect(code).toBe(1);
    expect(line).toMatch(/x\.db .*; .+/);
  });

  it('a directory in place of the database', async () => {
    const bench = new Bench();
    mkdirSync(join(bench.directory, 'x.db'));
    const args = ['session', 'list', '--db', 'x.db', '--root', bench.root];
    const { code, line } = await failureOf(bench.startBare(args));
    expect(code).toBe(1);
    expect(line).toMatch(/x\.db .*; .+/);
  });

  it('a backend that is not installed', async () => {
    const bench = new Bench();
    const { code, line } = await failureOf(
      bench.start(['session', 'list', '--backend', 'no-such-backend']),
    );
    expect(code).toBe(1);
    expect(line).toBe(
      'The backend "no-such-backend" is not installed; run: npm install no-such-backend',
    );
  });
});

it('a directory cannot be tailed', async () => {
  const bench = new Bench();
  const { code, line } = await failureOf(bench.startBare(['tail', bench.root]));
  expect(code).toBe(2);
  expect(line).toBe(`${bench.root} is a directory; name a file in it`);
});

describe('help and version', () => {
  it.each([
    ['--help', 'Exit codes:'],
    ['session watch --help', '--until idle:2m'],
    ['session list --help', 'Global Options:'],
    ['serve --help', '--token-file'],
    ['tail --help', 'tail app.log'],
    ['--version', '.'],
  ])('%s is printed with 0', async (args, text) => {
    const running = new Bench().startBare(args.split(' '));
    expect(await running.done).toBe(0);
    expect(running.stdout.text).toContain(text);
    expect(running.stderr.text).toBe('');
  });
});
