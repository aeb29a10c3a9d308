#!/usr/bin/env node
import { homedir } from 'node:os';

import { systemClock } from '@watchkeeper/core';

import { EXIT, type ExitCode } from './exit-codes.ts';
import { Interruption } from './failure.ts';
import type { Output } from './io.ts';
import { run } from './program.ts';

/** After the command has ended, what still holds the process open is cut off after this time, in milliseconds. */
const EXIT_GRACE_MS = 500;

const stop = new AbortController();

function interruptOn(name: NodeJS.Signals, exitCode: ExitCode): void {
  // Once only: a second signal ends the process the hard way.
  process.once(name, () => stop.abort(new Interruption(exitCode)));
}

function outputOf(stream: NodeJS.WriteStream): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader such as `head` that has seen enough is no failure.
    stop.abort(new Interruption(error.code === 'EPIPE' ? EXIT.ok : EXIT.failure));
  });
  return {
    isTerminal: stream.isTTY,
    // A getter: windows are resized. A terminal that tells no width says 0, a pipe nothing.
    get columns() {
      return stream.isTTY && stream.columns > 0 ? stream.columns : undefined;
    },
    write: (text) =>
      new Promise((resolve) => {
        stream.write(text, () => resolve());
      }),
  };
}

interruptOn('SIGINT', EXIT.interrupted);
interruptOn('SIGTERM', EXIT.terminated);

process.exitCode = await run(process.argv.slice(2), {
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  env: process.env,
  home: homedir(),
  cwd: process.cwd(),
  signal: stop.signal,
  clock: systemClock,
});
setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();
