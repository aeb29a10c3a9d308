import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished } from 'vitest';
import { confine, type Confinement } from './namespace.ts';
import { PATIENCE_MS } from './patience.ts';
import type { WatchingCommands } from './protocol.ts';

const FIXTURE = join(import.meta.dirname, '..', 'fixtures', 'watching-process.ts');

type Answer<Command extends keyof WatchingCommands> = Awaited<
  ReturnType<WatchingCommands[Command]>
>;

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that watches, and answers questions about it. Killed when the test ends. */
export class WatchingChild {
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  #stderr = '';
  #calls = 0;

  constructor(
    confinement: Confinement = {},
    nodeOptions: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ) {
    const command: readonly string[] = [
      ...confine(confinement),
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      '--conditions=@watchkeeper/source',
      ...nodeOptions,
      FIXTURE,
    ];
    this.#child = spawn(command[0] ?? '', command.slice(1), {
      env: { ...process.env, ...env },
    });
    this.ended = once(this.#child, 'close').then(([code, signal]: unknown[]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    }));
    this.#child.stderr.on('data', (text: Buffer) => (this.#stderr += text.toString()));
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#settle(line));
    void this.ended.then(({ code, signal }) => {
      const reason = new Error(`the process ended (${code ?? signal}): ${this.#stderr}`);
      for (const { reject } of this.#pending.values()) reject(reason);
      this.#pending.clear();
    });
    onTestFinished(async () => {
      this.#child.kill('SIGKILL');
      await this.ended;
    });
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Asks for something; rejects with what went wrong, also when the process ends first. */
  ask<Command extends keyof WatchingCommands>(
    command: Command,
    ...args: Parameters<WatchingCommands[Command]>
  ): Promise<Answer<Command>> {
    const id = ++this.#calls;
    const answer = Promise.withResolvers<unknown>();
    this.#pending.set(id, answer);
    this.#child.stdin.write(`${JSON.stringify({ id, command, args })}\n`);
    return answer.promise as Promise<Answer<Command>>;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #settle(line: string): void {
    const { id, value, error } = JSON.parse(line) as {
      id: number;
      value?: unknown;
      error?: string;
    };
    const answer = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) answer?.resolve(value);
    else answer?.reject(new Error(error));
  }
}

/** Time in which every change is told, whatever the backend and whatever was lost, in milliseconds. */
const TOLD_MS = 5000;
/** Time between two comparisons: each holds the process for as long as a walk takes. */
const LOOK_MS = 150;

/** Waits until everything was told, without asking for it, and sees that it was in time. */
export async function expectTold(child: WatchingChild): Promise<void> {
  const begin = await child.ask('loopTimeMs');
  await expect
    .poll(() => child.ask('differences'), { timeout: PATIENCE_MS, interval: LOOK_MS })
    .toEqual([]);
  expect((await child.ask('loopTimeMs')) - begin).toBeLessThan(TOLD_MS);
}
