import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

import { createSqliteStore } from '@watchkeeper/session';
import { describe, expect, it, onTestFinished } from 'vitest';

import { Bench } from './support/bench.ts';

const bin = join(import.meta.dirname, '..', 'src', 'bin.ts');

/** Starting Node on a busy machine takes a while. */
const patience = { timeout: 15_000 };

class Child {
  readonly process: ChildProcess;
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[]) {
    const command = ['--conditions=@watchkeeper/source', bin, ...args];
    this.process = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.process.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.exit = new Promise((resolve) => {
      this.process.once('close', (code, signal) => resolve({ code, signal }));
    });
    onTestFinished(async () => {
      this.process.kill('SIGKILL');
      await this.exit;
    });
  }
}

describe('the process', () => {
  it('sees what another process appends within two seconds', async () => {
    const bench = new Bench();
    bench.write('abc', 'one');
    const child = new Child(['session', 'watch', 'abc', '--json', ...bench.globals]);
    await expect.poll(() => child.stdout, patience).toContain('"hello"');
    const appended = performance.now();
    bench.append('abc', 'abc-1', 'two');
    await expect.poll(() => child.stdout, patience).toContain('"session.updated"');
    expect(performance.now() - appended).toBeLessThan(2000);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends on %s with %i', async (signal, code) => {
    const bench = new Bench();
    bench.write('abc', 'one');
    for (const [args, ready] of [
      [['session', 'watch', 'abc', '--json'], '"hello"'],
      [['serve', '--port', '0', '--json'], '"listening"'],
    ] as const) {
      const child = new Child([...args, ...bench.globals]);
      await expect.poll(() => child.stdout, patience).toContain(ready);
      child.process.kill(signal);
      expect(await child.exit).toEqual({ code, signal: null });
      expect(child.stderr).toBe('');
    }
  });

  it('ends quietly with 0 when its reader has seen enough', async () => {
    const bench = new Bench();
    bench.write('abc', 'one');
    const child = new Child(['session', 'watch', 'abc', '--json', ...bench.globals]);
    await expect.poll(() => child.stdout, patience).toContain('"hello"');
    child.process.stdout?.destroy();
    await expect
      .poll(() => {
        bench.append('abc', `more-${performance.now()}`, 'x');
        return child.process.exitCode;
      }, patience)
      .toBe(0);
    expect(child.stderr).toBe('');
  });

  it('shares its database with a server that writes too: both see every row, nobody sees a lock', async () => {
    const bench = new Bench();
    bench.write('abc', 'row');
    const server = new Child(['serve', '--port', '0', '--json', ...bench.globals]);
    const watch = ['session', 'watch', 'abc', '--messages', '--json', '--from', 'start'];
    const watcher = new Child([...watch, ...bench.globals]);
    await expect.poll(() => server.stdout, patience).toContain('"listening"');
    await expect.poll(() => watcher.stdout, patience).toContain('"hello"');
    for (let row = 1; row <= 300; row += 1) {
      bench.append('abc', `abc-${row}`, 'row');
      if (row % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => keysOf(watcher.stdout).size, patience).toBe(301);
    const { url } = JSON.parse(server.stdout).data;
    const page = async (): Promise<number> => {
      const response = await fetch(`${url}/api/v1/sessions/abc/messages?limit=1000`);
      return (await response.json()).items.length;
    };
    await expect.poll(page, patience).toBe(301);
    expect(server.stderr).toBe('');
    expect(watcher.stderr).toBe('');
    const store = createSqliteStore({ path: bench.database, readOnly: true });
    const version = (await store.versions(['abc'])).get('abc');
    await store.close();
    expect(version?.messageCount).toBe(301);
  });
});

/** Keys of the whole lines printed so far. */
function keysOf(stdout: string): ReadonlySet<string> {
  const lines = stdout.split('\n').slice(0, -1);
  const frames = lines.map((line) => JSON.parse(line));
  return new Set(
    frames
      .filter(({ event }) => event === 'messages')
      .flatMap(({ data }) => data.items.map(({ key }: { key: string }) => key)),
  );
}
