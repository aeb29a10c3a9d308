import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');

/** How a process ended, and what it printed. */
export interface FixtureEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
}

/** A fixture that runs by itself. */
export interface FixtureRun {
  readonly ended: Promise<FixtureEnd>;
  /** Everything on standard error so far. */
  readonly stderr: string;
  /** Resolves when standard output holds a text; rejects when the process ends without it. */
  printed(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** Runs a fixture as a process of its own, which is killed when the test ends. */
export function runFixture(
  name: string,
  args: readonly string[],
  nodeOptions: readonly string[] = [],
): FixtureRun {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    '--conditions=@watchkeeper/source',
    ...nodeOptions,
    join(FIXTURES, name),
    ...args,
  ]);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    stdout,
  }));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    ended,
    get stderr() {
      return stderr;
    },
    async printed(text) {
      while (!stdout.includes(text)) {
        const next = await Promise.race([once(child.stdout, 'data'), ended]);
        if (!Array.isArray(next)) throw new Error(`it ended without ${text}: ${stderr}`);
      }
    },
    kill: (signal) => void child.kill(signal),
  };
}
