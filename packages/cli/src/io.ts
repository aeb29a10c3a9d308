import type { Clock } from '@watchkeeper/core';

/** Where a command writes. */
export interface Output {
  /** A person reads it. */
  readonly isTerminal: boolean;
  /** Width of the terminal in characters, if it is known. @defaultValue lines are as long as they are */
  readonly columns?: number | undefined;
  /** Resolves when the text has left the process, so that a slow reader holds the command back. */
  write(text: string): Promise<void>;
}

/** Everything of the process a command may use, so that it runs the same in a test. */
export interface CommandIo {
  /** Results. */
  readonly stdout: Output;
  /** Failures, warnings, progress. */
  readonly stderr: Output;
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home directory. */
  readonly home: string;
  /** The directory that relative paths count from. */
  readonly cwd: string;
  /** Asks the command to stop; its reason is an `Interruption`. */
  readonly signal: AbortSignal;
  /** Time. */
  readonly clock: Clock;
}
