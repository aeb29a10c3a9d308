import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { tail, type TailBatch, type TailError } from '@watchkeeper/tailer';

import { EXIT, type ExitCode } from '../exit-codes.ts';
import { CommandFailure } from '../failure.ts';
import type { CommandIo } from '../io.ts';
import { jsonLine } from '../output/frame-printer.ts';
import { printable, printableLine } from '../output/printable.ts';
import type { Settings } from '../settings.ts';
import { openWatcher } from '../watcher.ts';

/** Options of `tail`. */
export interface TailCommandOptions {
  readonly from: 'start' | 'end';
}

/** Prints the lines of a file as they are appended. */
export async function tailFile(
  file: string,
  options: TailCommandOptions,
  settings: Settings,
  io: CommandIo,
): Promise<ExitCode> {
  const path = resolve(io.cwd, file);
  await requireReadable(path);
  const watcher = await openWatcher(settings);
  try {
    const stop = new AbortController();
    const onAbort = (): void => stop.abort();
    io.signal.addEventListener('abort', onAbort, { once: true });
    if (io.signal.aborted) onAbort();
    const failures: TailError[] = [];
    const following = tail(path, {
      from: options.from,
      watcher,
      signal: stop.signal,
      onBatch: (batch) => printBatch(batch, settings, io),
      onError: (error) => {
        if (error.terminal) failures.push(error);
        else void io.stderr.write(`watchkeeper: ${printableLine(error.message)}\n`);
      },
    });
    await following.ready;
    await following.closed;
    io.signal.removeEventListener('abort', onAbort);
    const [failure] = failures;
    if (failure !== undefined) throw failure;
    return EXIT.ok;
  } finally {
    await watcher.close();
  }
}

/** What can never be followed fails now; what becomes unreadable later is waited for. */
async function requireReadable(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) {
      throw new CommandFailure(EXIT.usage, `${path} is a directory`, 'name a file in it');
    }
    await access(path, constants.R_OK);
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new CommandFailure(EXIT.notFound, `${path} does not exist`, 'check the path', error);
    }
    const what =
      code === 'EACCES' || code === 'EPERM'
        ? 'may not be read'
        : `cannot be read (${String(code)})`;
    throw new CommandFailure(
      EXIT.failure,
      `${path} ${what}`,
      'give this user the right to read it',
      error,
    );
  }
}

async function printBatch(
  batch: TailBatch<string>,
  settings: Settings,
  io: CommandIo,
): Promise<void> {
  if (settings.json) {
    await io.stdout.write(jsonLine('lines', null, batch));
    return;
  }
  if (batch.restarted !== null) {
    await io.stderr.write(`watchkeeper: ${printableLine(batch.path)} was ${batch.restarted}\n`);
  }
  // A program that reads gets the bytes as they are; a terminal would obey them.
  const lines = io.stdout.isTerminal ? batch.items.map(printable) : batch.items;
  await io.stdout.write(lines.map((line) => `${line}\n`).join(''));
}
