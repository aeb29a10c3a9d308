import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The top of the repository. */
export const repository: string = join(import.meta.dirname, '..', '..');

/** A child process whose output is read line by line. */
export class RunningProcess {
  readonly child: ChildProcess;
  /** Lines of standard output so far. */
  readonly lines: string[] = [];
  /** Everything on standard error so far. */
  stderr = '';
  readonly #exit: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly #waiting = new Set<() => void>();

  /** Starts a TypeScript file of the repository on this Node, linked to the sources. */
  constructor(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--conditions=@watchkeeper/source',
        join(repository, file),
        ...args,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
    );
    this.child = child;
    this.#exit = once(child, 'exit').then(([code, signal]: unknown[]) => ({
      code: code as number | null,
      signal: signal as string | null,
    }));
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(line);
      for (const wake of this.#waiting) wake();
    });
    child.stderr.on('data', (text: Buffer) => {
      this.stderr += text.toString();
    });
    child.on('exit', () => {
      for (const wake of this.#waiting) wake();
    });
  }

  /** The first line of output, from `from` on, that the predicate takes; fails when the process ends without one. */
  async line(take: (line: string) => boolean, from = 0): Promise<string> {
    for (;;) {
      const found = this.lines.slice(from).find(take);
      if (found !== undefined) return found;
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(
          `the process ended (${this.child.exitCode}) without such a line:\n${this.lines.join('\n')}\n${this.stderr}`,
        );
      }
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  /** Sends a signal and waits for the end. */
  async end(
    signal: NodeJS.Signals = 'SIGINT',
  ): Promise<{ readonly code: number | null; readonly signal: string | null }> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    return this.#exit;
  }
}
