import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Clock, systemClock } from '@watchkeeper/core';
import { expect, onTestFinished } from 'vitest';

import { EXIT, type ExitCode, Interruption, type Output, run } from '../../src/index.ts';

/** One record of a transcript as a line, in the form of Claude Code. */
export function promptLine(sessionId: string, uuid: string, text: string): string {
  return `${JSON.stringify({
    type: 'user',
    uuid,
    sessionId,
    timestamp: '2026-01-02T03:04:05.000Z',
    cwd: '/home/someone/project',
    message: { role: 'user', content: text },
  })}\n`;
}

/** What was written to an output so far. */
class Recorder implements Output {
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  text = '';

  constructor(isTerminal: boolean, columns?: number) {
    this.isTerminal = isTerminal;
    this.columns = columns;
  }

  async write(text: string): Promise<void> {
    this.text += text;
  }

  /** The lines of JSON. */
  get events(): readonly JsonEvent[] {
    return this.text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }
}

/** One line of the output with `--json`. */
export interface JsonEvent {
  readonly event: string;
  readonly id: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Options of {@link Bench.start}. */
export interface StartOptions {
  readonly terminal?: boolean;
  /** Width of stdout's terminal. */
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
}

/** A command that runs in this process. */
export interface Running {
  readonly stdout: Recorder;
  readonly stderr: Recorder;
  readonly done: Promise<ExitCode>;
  /** Asks it to stop, as Ctrl-C does. */
  interrupt(): void;
}

/** A directory of its own for a test, with a database and a root of transcripts in it. */
export class Bench {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'watchkeeper-cli-'));
  readonly database: string = join(this.directory, 'data', 'sessions.db');
  readonly root: string = join(this.directory, 'projects');

  constructor() {
    mkdirSync(join(this.root, 'project'), { recursive: true });
    onTestFinished(() => rmSync(this.directory, { recursive: true, force: true }));
  }

  /** Path of a session's transcript. */
  transcript(sessionId: string): string {
    return join(this.root, 'project', `${sessionId}.jsonl`);
  }

  /** Writes the transcript of a session with these prompts, keyed `<id>-0`, `<id>-1`, and so on. */
  write(sessionId: string, ...texts: readonly string[]): void {
    const lines = texts.map((text, index) => promptLine(sessionId, `${sessionId}-${index}`, text));
    writeFileSync(this.transcript(sessionId), lines.join(''));
  }

  /** Appends one prompt to a transcript. */
  append(sessionId: string, uuid: string, text: string): void {
    appendFileSync(this.transcript(sessionId), promptLine(sessionId, uuid, text));
  }

  /** The arguments that make a command work in this directory. */
  get globals(): readonly string[] {
    return ['--db', this.database, '--root', this.root];
  }

  /** Starts a command with exactly these arguments. */
  startBare(args: readonly string[], options: StartOptions = {}): Running {
    const { terminal = false, columns, env = {}, clock = systemClock } = options;
    const stop = new AbortController();
    const stdout = new Recorder(terminal, columns);
    const stderr = new Recorder(terminal);
    const { signal } = stop;
    const io = { stdout, stderr, env, home: this.directory, cwd: this.directory, signal, clock };
    const done = run(args, io);
    const interrupt = (): void => stop.abort(new Interruption(EXIT.interrupted));
    onTestFinished(async () => {
      interrupt();
      await done;
    });
    return { stdout, stderr, done, interrupt };
  }

  /** Starts a command on this directory's database and root. */
  start(args: readonly string[], options: StartOptions = {}): Running {
    return this.startBare([...args, ...this.globals], options);
  }

  /** Runs a command on this directory's database and root to its end. */
  async run(
    args: readonly string[],
    options: StartOptions = {},
  ): Promise<{ code: ExitCode; stdout: Recorder; stderr: Recorder }> {
    const { done, stdout, stderr } = this.start(args, options);
    return { code: await done, stdout, stderr };
  }
}

/** Waits until a command has printed a text. */
export async function printed(running: Running, text: string): Promise<void> {
  await expect.poll(() => running.stdout.text, { timeout: 15_000 }).toContain(text);
}
