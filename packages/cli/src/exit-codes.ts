/** What the end of the command means to a script. */
export const EXIT = {
  /** What was asked for was done, or `--until` was reached. */
  ok: 0,
  /** Anything without a code of its own. */
  failure: 1,
  /** The command line is wrong, or an id is ambiguous. */
  usage: 2,
  /** No such session or file. */
  notFound: 3,
  /** The session was deleted. */
  gone: 4,
  /** `--timeout` passed. */
  timeout: 7,
  /** Ctrl-C: 128 and the number of the signal. */
  interrupted: 130,
  /** SIGTERM: 128 and the number of the signal. */
  terminated: 143,
} as const;

/** One of the codes of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
