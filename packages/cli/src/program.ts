import { readFileSync } from 'node:fs';

import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

import { doctor, type DoctorCommandOptions } from './commands/doctor.ts';
import { DEFAULT_PORT, serveSessions, type ServeCommandOptions } from './commands/serve.ts';
import { sessionList, type SessionListOptions } from './commands/session-list.ts';
import { sessionShow } from './commands/session-show.ts';
import { sessionWatch, type SessionWatchOptions } from './commands/session-watch.ts';
import { tailFile, type TailCommandOptions } from './commands/tail.ts';
import { parseDuration } from './duration.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { describeFailure, Interruption } from './failure.ts';
import * as help from './help.ts';
import type { CommandIo } from './io.ts';
import { type GlobalOptions, readSettings, type Settings } from './settings.ts';
import { parseUntil } from './stop-watch.ts';

/**
 * Runs the command. Never rejects: a failure is one line on `stderr` and an exit code.
 *
 * @param args - The arguments after the program's name.
 * @param io - What of the process the command may use.
 *
 * @example
 * ```ts
 * import { homedir } from 'node:os';
 * import { systemClock } from '@watchkeeper/core';
 * import { run, type Output } from 'watchkeeper';
 *
 * const output: Output = { isTerminal: false, write: async (text) => void console.log(text) };
 * const { signal } = new AbortController();
 * const io = { stdout: output, stderr: output, env: {}, home: homedir(), cwd: '.', signal, clock: systemClock };
 * console.log(await run(['session', 'list'], io));
 * ```
 */
export async function run(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const result: { exitCode: ExitCode } = { exitCode: EXIT.ok };
  try {
    await createProgram(io, (exitCode) => {
      result.exitCode = exitCode;
    }).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (io.signal.aborted) return interruption(io.signal);
    if (error instanceof CommanderError) return usage(error, io);
    const { exitCode, line } = describeFailure(error);
    await io.stderr.write(`${line}\n`);
    return exitCode;
  }
  return io.signal.aborted ? interruption(io.signal) : result.exitCode;
}

function interruption(signal: AbortSignal): ExitCode {
  return signal.reason instanceof Interruption ? signal.reason.exitCode : EXIT.interrupted;
}

/** Help and version are results, not failures; a command without a verb is answered with its help. */
async function usage(error: CommanderError, io: CommandIo): Promise<ExitCode> {
  if (error.exitCode === 0) return EXIT.ok;
  if (error.code === 'commander.help') return EXIT.usage;
  const { exitCode, line } = describeFailure(error);
  await io.stderr.write(`${line}\n`);
  return exitCode;
}

type Action = (settings: Settings) => Promise<ExitCode>;

function createProgram(io: CommandIo, finish: (exitCode: ExitCode) => void): Command {
  const program = new Command('watchkeeper')
    .description(help.DESCRIPTION)
    .version(version(), '-V, --version', 'print the version')
    .option('--db <file>', 'database of sessions (env WATCHKEEPER_DB)')
    .option(
      '--root <dir>',
      'directory with transcripts, repeatable (env WATCHKEEPER_ROOTS)',
      collect,
    )
    .option(
      '--backend <name>',
      'watch with auto, fs, poll, chokidar, native or a module (default: auto)',
    )
    .option('--json', 'print one JSON object per line: {"event","id","data"}')
    .option('--no-color', 'no colours; they are only used on a terminal, and not with NO_COLOR set')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .addHelpText('after', help.PROGRAM)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      // Failures are printed in one place, in one line.
      outputError: () => undefined,
    });
  const act = async (command: Command, action: Action): Promise<void> => {
    finish(await action(readSettings(command.optsWithGlobals<GlobalOptions>(), io)));
  };
  addSession(program, io, act);
  program
    .command('tail')
    .description('print the lines of a file as they are appended, through renames and truncation')
    .argument('<file>', 'the file')
    .addOption(
      new Option('--from <where>', 'where to begin').choices(['start', 'end']).default('end'),
    )
    .addHelpText('after', help.TAIL)
    .action(async (file: string, options: TailCommandOptions, command: Command) =>
      act(command, (settings) => tailFile(file, options, settings, io)),
    );
  program
    .command('serve')
    .description('serve the sessions over HTTP and server-sent events')
    .option('--port <number>', 'port to listen on; 0 takes a free one', port, DEFAULT_PORT)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--allow-host <host:port>', 'further Host header to answer, repeatable', collect, [])
    .option('--token-file <file>', 'file with the token clients must send (env WATCHKEEPER_TOKEN)')
    .addHelpText('after', help.SERVE)
    .action(async (options: ServeCommandOptions, command: Command) =>
      act(command, (settings) => serveSessions(options, settings, io)),
    );
  program
    .command('doctor')
    .description('say how well a path can be watched here, and what to change')
    .argument('[paths...]', 'files or directories, present or not', ['.'])
    .option('--no-probe', 'do not try it out in a temporary directory')
    .addHelpText('after', help.DOCTOR)
    .action(async (paths: readonly string[], options: DoctorCommandOptions, command: Command) =>
      act(command, (settings) => doctor(paths, options, settings, io)),
    );
  return program;
}

function addSession(
  program: Command,
  io: CommandIo,
  act: (command: Command, action: Action) => Promise<void>,
): void {
  const session = program
    .command('session')
    .description('list, show and watch sessions of coding agents')
    .helpCommand(false);
  session
    .command('list')
    .description('list sessions, newest activity first')
    .option('--limit <number>', 'at most so many', count, 50)
    .option('--provider <name>', 'only of this agent, such as claude-code')
    .option('--cwd <dir>', 'only of this working directory')
    .option('--no-sync', 'show what the database has, without reading transcripts')
    .addHelpText('after', help.LIST)
    .action(async (options: SessionListOptions, command: Command) =>
      act(command, (settings) => sessionList(options, settings, io)),
    );
  session
    .command('show')
    .description('show one session and its newest messages')
    .argument('<id>', 'id of the session, or the beginning of one', sessionId)
    .option('--limit <number>', 'the newest so many messages', count, 50)
    .option('--all', 'all messages')
    .option('--no-sync', 'show what the database has, without reading transcripts')
    .addHelpText('after', help.SHOW)
    .action(
      async (id: string, options: { limit: number; all?: true; sync: boolean }, command: Command) =>
        act(command, (settings) => {
          const limit = options.all === true ? null : options.limit;
          return sessionShow(id, { limit, sync: options.sync }, settings, io);
        }),
    );
  session
    .command('watch')
    .description('follow one session, live')
    .argument('<id>', 'id of the session, or the beginning of one', sessionId)
    .option('--messages', 'print messages in place of changes', false)
    .option('--from <where>', 'now, start, or a cursor: the id of an earlier line', 'now')
    .option('--wait', 'wait for a session that does not exist yet; needs the whole id', false)
    .option('--until <what>', 'end with 0 on: gone, or idle:10s', parseUntil)
    .option('--timeout <duration>', 'end with 7 after this time, such as 5m', parseDuration)
    .option('--no-heartbeat', 'leave out heartbeats with --json')
    .addHelpText('after', help.WATCH)
    .action(async (id: string, options: SessionWatchOptions, command: Command) =>
      act(command, (settings) => sessionWatch(id, options, settings, io)),
    );
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

function count(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Use a whole number above 0.');
}

/** An empty beginning would mean any session. */
function sessionId(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('Use the id of a session, or the beginning of one.');
}

function port(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('Use a whole number from 0 to 65535.');
}

function version(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return (manifest as { readonly version: string }).version;
}
