import { parseArgs } from 'node:util';

/** Rounds when none are asked for: the fewest whose median does not follow one disturbed round. */
export const ROUNDS = 5;

/** What the command line asks for. */
export interface Arguments {
  /** Empty: all. */
  readonly groups: readonly string[];
  /** Empty: those of the group. */
  readonly sizes: readonly number[];
  /** Contestants by name; empty: all. */
  readonly only: readonly string[];
  readonly rounds: number;
  readonly seed: number;
  readonly quick: boolean;
  readonly source: boolean;
  readonly build: boolean;
  /** Where to write the results of a run that is not complete. */
  readonly out: string | null;
  /** Where the files are made. */
  readonly directory: string | null;
  readonly help: boolean;
}

/** A command line that cannot be carried out; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`--${option}: wanted a whole number from ${least}, got ${text}`);
  }
  return value;
}

const OPTIONS = {
  size: { type: 'string', multiple: true },
  only: { type: 'string', multiple: true },
  rounds: { type: 'string' },
  seed: { type: 'string' },
  quick: { type: 'boolean' },
  source: { type: 'boolean' },
  build: { type: 'boolean' },
  out: { type: 'string' },
  directory: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the arguments. @throws UsageError for an unknown option, group or number. */
export function parseArguments(args: readonly string[], known: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`unknown group ${unknown.join(', ')}; there are ${known.join(', ')}`);
  }
  return {
    groups: [...new Set(positionals)],
    sizes: (values.size ?? []).map((text) => wholeNumber('size', text, 1)),
    only: values.only ?? [],
    rounds: values.rounds === undefined ? ROUNDS : wholeNumber('rounds', values.rounds, 1),
    seed: values.seed === undefined ? 1 : wholeNumber('seed', values.seed, 0),
    quick: values.quick ?? false,
    source: values.source ?? false,
    build: values.build ?? true,
    out: values.out ?? null,
    directory: values.directory ?? null,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      allowNegative: true,
      options: OPTIONS,
    });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** Whether a run says enough to replace the results that are kept. */
export function isComplete({ only, quick, rounds, sizes, source }: Arguments): boolean {
  return only.length === 0 && !quick && rounds >= ROUNDS && sizes.length === 0 && !source;
}

/** What `--help` prints. */
export function helpText(known: readonly string[]): string {
  return `Usage: pnpm bench [group...] [options]

Measures this project next to bare loops and to other packages, and writes bench/results.md (the table)
and bench/results.json (every row). Without a group: all of them.

Groups: ${known.join(', ')}

  --size N        only this size; may be repeated
  --only NAME     only this contestant; may be repeated
  --rounds N      interleaved rounds (${ROUNDS})
  --seed N        seed of gaps and choices (1)
  --quick         short windows; a look, not a result
  --source        the sources, not what was built
  --no-build      measure what was built before
  --out DIR       write the results of a run that is not complete there
  --directory DIR where to make the files (the system's temporary directory)

Only a complete run of a group (all sizes and contestants, built, not quick, ${ROUNDS} rounds or more)
replaces its section in bench/results.*; any other prints its table.
The exit code is 1 when a contestant failed, 0 also when a bar is missed.
`;
}
