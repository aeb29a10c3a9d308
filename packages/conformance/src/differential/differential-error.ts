import { describeProgram, type Program } from '../random/program.ts';

/** What went wrong in one program. */
export interface Failure {
  /** What was wrong, a line each. */
  readonly wrong: readonly string[];
  /** The step after which it was found, from 1. */
  readonly step: number;
}

/**
 * A random program after which what was told is not what is there. The message has the seed, what
 * differs, and the smallest program found that fails alone.
 */
export class DifferentialError extends Error {
  /** Always `DifferentialError`. */
  override readonly name = 'DifferentialError';
  /** The seed, for `WATCHKEEPER_TEST_SEED`. */
  readonly seed: number;
  /** The smallest program that fails when it runs alone; `null` when the failure did not come again. */
  readonly program: Program | null;

  /** Builds the message from the first failure and the one of the smallest program. */
  constructor(
    seed: number,
    first: Failure,
    smallest: { program: Program; failure: Failure } | null,
  ) {
    super(
      [
        `Seed ${seed}, after step ${first.step}:`,
        ...indent(first.wrong),
        ...(smallest === null
          ? ['Run alone, the program of this seed did not fail again.']
          : [
              `The smallest program that fails alone, after its step ${smallest.failure.step}:`,
              describeProgram(smallest.program),
              ...indent(smallest.failure.wrong),
            ]),
        `Run it again with WATCHKEEPER_TEST_SEED=${seed}`,
      ].join('\n'),
    );
    this.seed = seed;
    this.program = smallest?.program ?? null;
  }
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
