import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { createHandler, serve } from '@watchkeeper/server';

import { EXIT, type ExitCode } from '../exit-codes.ts';
import { CommandFailure } from '../failure.ts';
import type { CommandIo } from '../io.ts';
import { openSessions } from '../open-sessions.ts';
import { jsonLine } from '../output/frame-printer.ts';
import { createPalette } from '../output/palette.ts';
import { printableLine } from '../output/printable.ts';
import type { Settings } from '../settings.ts';

/** The port when none is given. */
export const DEFAULT_PORT = 4747;

/** Options of `serve`. */
export interface ServeCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly allowHost: readonly string[];
  readonly tokenFile?: string;
}

/** Serves the sessions over HTTP until it is stopped. */
export async function serveSessions(
  options: ServeCommandOptions,
  settings: Settings,
  io: CommandIo,
): Promise<ExitCode> {
  const token = await readToken(options.tokenFile, io);
  await using sessions = await openSessions({ settings, io });
  const { store, monitor } = sessions;
  const onError = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    void io.stderr.write(`watchkeeper: ${printableLine(message)}\n`);
  };
  // Who may not write the database does not read transcripts: what is in it is all there is.
  let synced = sessions.sync === null;
  const handler = createHandler({
    store,
    monitor,
    synced: () => synced,
    onError,
    ...(token === null ? {} : { token }),
  });
  const { host, port, allowHost: hosts } = options;
  const server = await serve({ handler, host, port, hosts, clock: io.clock });
  try {
    const { bold } = createPalette(settings.colors);
    const { database, json } = settings;
    const reading = synced ? '' : ' (transcripts are being read)';
    await io.stdout.write(
      json
        ? jsonLine('listening', null, { url: server.url, database, synced })
        : `serving ${printableLine(database)} on ${bold(server.url)}${reading}\n`,
    );
    if (!synced) {
      await sessions.fill();
      // It also ends when the command is asked to stop.
      synced = !io.signal.aborted;
      if (synced && !json) await io.stdout.write('every transcript is read\n');
    }
    await aborted(io.signal);
  } finally {
    await server.close();
  }
  return EXIT.ok;
}

async function readToken(file: string | undefined, io: CommandIo): Promise<string | null> {
  const variable = io.env['WATCHKEEPER_TOKEN'];
  if (file === undefined) return variable === undefined || variable === '' ? null : variable;
  try {
    return (await readFile(resolve(io.cwd, file), 'utf8')).trim();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(
      EXIT.usage,
      `--token-file: ${why}`,
      'name a file that holds the token',
      error,
    );
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((stop) => {
    signal.addEventListener('abort', () => stop(), { once: true });
  });
}
