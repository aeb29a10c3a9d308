import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { Bench, printed } from '../support/bench.ts';

describe('tail', () => {
  it('prints a file from its start, then what is appended', async () => {
    const bench = new Bench();
    const file = join(bench.directory, 'app.log');
    writeFileSync(file, 'one\ntwo\nunfin');
    const running = bench.startBare(['tail', 'app.log', '--from', 'start']);
    await printed(running, 'one\ntwo\n');
    appendFileSync(file, 'ished\nthree\n');
    await printed(running, 'one\ntwo\nunfinished\nthree\n');
    running.interrupt();
    expect(await running.done).toBe(130);
    expect(running.stderr.text).toBe('');
  });

  it('prints only what is appended otherwise, with its bytes and cursor under --json', async () => {
    const bench = new Bench();
    const file = join(bench.directory, 'app.log');
    writeFileSync(file, 'old\n');
    const running = bench.startBare(['tail', file, '--json']);
    // Appended again and again until the tail stands, which nothing outside can see.
    await expect
      .poll(() => {
        appendFileSync(file, 'new\n');
        return running.stdout.text;
      })
      .not.toBe('');
    const [first] = running.stdout.events;
    expect(first).toMatchObject({
      event: 'lines',
      data: { path: file, generation: 0, restarted: null },
    });
    expect(first?.data['items']).not.toContain('old');
    expect(first?.data['cursor']).toMatchObject({ v: 1, generation: 0 });
  });

  it('goes on after truncation and after another file takes the path, and says so', async () => {
    const bench = new Bench();
    const file = join(bench.directory, 'app.log');
    writeFileSync(file, 'a long first line\n');
    const running = bench.startBare(['tail', file, '--from', 'start']);
    await printed(running, 'a long first line\n');
    truncateSync(file);
    appendFileSync(file, 'short\n');
    await printed(running, 'short\n');
    writeFileSync(`${file}.new`, 'quite another file\n');
    renameSync(`${file}.new`, file);
    await printed(running, 'quite another file\n');
    expect(running.stderr.text).toMatch(/app\.log was truncated\n.*app\.log was replaced\n/);
  });

  it('lets no line drive a terminal, and changes none for a program', async () => {
    const bench = new Bench();
    const line = '\u001B[31mred\u001B[0m \u0007';
    writeFileSync(join(bench.directory, 'app.log'), `${line}\n`);
    const args = ['tail', 'app.log', '--from', 'start'];
    const terminal = bench.startBare(args, { terminal: true });
    await printed(terminal, 'red ␇\n');
    expect(terminal.stdout.text).not.toContain('\u001B');
    await printed(bench.startBare(args), `${line}\n`);
  });
});
