import { CommanderError } from 'commander';

import { EXIT, type ExitCode } from './exit-codes.ts';
import { printable } from './output/printable.ts';

/** A failure the user can act on: its message is one sentence, its remedy the next step. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  /** What the process exits with. */
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, remedy: string, cause?: unknown) {
    super(`${message}; ${remedy}`, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
  }
}

/** Why a command was asked to stop; the reason of its abort signal. */
export class Interruption extends Error {
  /** Always `Interruption`. */
  override readonly name = 'Interruption';
  /** What the process exits with. */
  readonly exitCode: ExitCode;

  /** Builds the reason of an abort. */
  constructor(exitCode: ExitCode) {
    super('interrupted');
    this.exitCode = exitCode;
  }
}

/** What a failed command leaves behind. */
export interface FailureReport {
  readonly exitCode: ExitCode;
  /** One line for people. */
  readonly line: string;
}

/** Says in one line what went wrong, whatever was thrown. */
export function describeFailure(error: unknown): FailureReport {
  const message = error instanceof Error ? error.message : String(error);
  const line = `watchkeeper: ${oneLine(message)}`;
  if (error instanceof CommandFailure) return { exitCode: error.exitCode, line };
  if (error instanceof CommanderError) {
    const text = oneLine(message).replace(/^error: /, '');
    return { exitCode: EXIT.usage, line: `watchkeeper: ${text}; see watchkeeper --help` };
  }
  // What the packages below throw for a bad argument: here all arguments come from the command line.
  if (error instanceof TypeError) return { exitCode: EXIT.usage, line };
  return { exitCode: EXIT.failure, line };
}

function oneLine(text: string): string {
  return printable(text)
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
}
