import type { Operation } from './operation.ts';
import type { Program } from './program.ts';

/** Most programs that are tried: a rare failure must not make the search endless. */
const MOST_TRIES = 300;

/**
 * Takes steps and operations out of a program for as long as what is left still fails. Gives a
 * program of which nothing more can be taken out, or the smallest one found by then.
 */
export async function smallestFailing(
  program: Program,
  fails: (program: Program) => Promise<boolean>,
): Promise<Program> {
  let smallest = program;
  let tries = 0;
  const shrink = async (candidates: (from: Program) => Iterable<Program>): Promise<boolean> => {
    for (const candidate of candidates(smallest)) {
      if (tries === MOST_TRIES) return false;
      tries += 1;
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      return true;
    }
    return false;
  };
  let shrunk = true;
  while (shrunk) {
    shrunk = (await shrink(withoutSteps)) || (await shrink(withoutOne)) || (await shrink(merged));
  }
  return smallest;
}

/** The program without a run of its steps; long runs first. */
function* withoutSteps(program: Program): Generator<Program> {
  for (let length = program.length - 1; length > 0; length = Math.floor(length / 2)) {
    for (let start = 0; start + length <= program.length; start += length) {
      yield program.toSpliced(start, length);
    }
  }
}

/** The program without a single operation. */
function* withoutOne(program: Program): Generator<Program> {
  for (const [index, step] of program.entries()) {
    if (step.length === 1) continue;
    for (let at = 0; at < step.length; at += 1) yield program.with(index, step.toSpliced(at, 1));
  }
}

/** The program with two neighbouring steps in one: fewer flushes. */
function* merged(program: Program): Generator<Program> {
  for (let index = 1; index < program.length; index += 1) {
    const both: readonly Operation[] = [...(program[index - 1] ?? []), ...(program[index] ?? [])];
    yield program.toSpliced(index - 1, 2, both);
  }
}
