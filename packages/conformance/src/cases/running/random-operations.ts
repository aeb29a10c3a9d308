import type { BigIntStats } from 'node:fs';
import type { Bench } from '../../bench.ts';
import type { ConformanceCase } from '../../conformance-case.ts';
import { perform } from '../../random/operation.ts';
import { createProgram, describeProgram, type Program } from '../../random/program.ts';
import { walkTree } from '../../tree-walk.ts';

/** Programs, by their seeds, which are fixed: a test suite must not be a lottery. */
const PROGRAMS = 40;

/** Programs where each operation is waited for by itself, which takes a window of the backend each time. */
const SLOW_PROGRAMS = 6;

/**
 * The steps after which touches are judged. A backend that may lose events in silence and has no barrier
 * merges what happens within a window, and what comes and goes in one leaves no trace: there each
 * operation is a step.
 */
function stepsOf(seed: number, alone: boolean): Program {
  const program = createProgram(seed).map((step) =>
    step.filter(({ kind }) => kind !== 'hard-link'),
  );
  return alone ? program.flat().map((operation) => [operation]) : program;
}

/** Whether a reader who knew `before` has missed something when nobody tells of `after`. */
function moved(before: BigIntStats | undefined, after: BigIntStats | undefined): boolean {
  if (before === undefined || after === undefined) return before !== after;
  if (before.ino !== after.ino || before.birthtimeNs !== after.birthtimeNs) return true;
  if (before.mode !== after.mode) return true;
  // Size and times of a directory follow from its entries, which are told by themselves.
  return after.isFile() && (before.mtimeNs !== after.mtimeNs || before.size !== after.size);
}

/** Runs a program in a root of its own, and judges what was touched after each step. */
async function runProgram(bench: Bench, seed: number, steps: Program): Promise<void> {
  const { workspace } = bench;
  const root = workspace.makeDirectory(workspace.at(`seed-${seed}`));
  const place = { root, outside: workspace.makeDirectory(workspace.outside(`seed-${seed}`)) };
  const { recorder, subscription } = await bench.open({ root });
  let before = walkTree(root);
  for (const [index, step] of steps.entries()) {
    const mark = recorder.mark();
    for (const operation of step) perform(operation, place);
    const after = walkTree(root);
    const differing = [...new Set([...before.keys(), ...after.keys()])].filter((name) =>
      moved(before.get(name), after.get(name)),
    );
    const missing = (): readonly string[] =>
      differing.filter((name) => !recorder.covers(workspace.at(`seed-${seed}/${name}`), mark));
    if (subscription.barrier === undefined) {
      await recorder.until(() => missing().length === 0, bench.deadlineMs);
    } else {
      await subscription.barrier();
    }
    const program = describeProgram(steps.slice(0, index + 1));
    bench.expect(missing(), `untouched, seed ${seed}, after:\n${program}\n`).toEqual([]);
    before = after;
  }
  await subscription.close();
}

/** Whatever happens in whatever order. Hard links are left out: events name one of the names of a file. */
export const randomOperations: ConformanceCase = {
  name: 'random-operations',
  title: 'after any sequence of operations, every path that differs was touched',
  applies: ({ capabilities }) =>
    (capabilities.newDirectories === 'covered' && capabilities.movedDirectories === 'tracked') ||
    'new or moved directories are not followed here',
  run: async (bench) => {
    const probe = await bench.open();
    const alone = probe.subscription.barrier === undefined && bench.capabilities.loss === 'silent';
    await probe.subscription.close();
    const seeds = Array.from({ length: alone ? SLOW_PROGRAMS : PROGRAMS }, (_, index) => index + 1);
    // Side by side they share the windows that each operation waits for.
    if (alone) await Promise.all(seeds.map((seed) => runProgram(bench, seed, stepsOf(seed, true))));
    else for (const seed of seeds) await runProgram(bench, seed, stepsOf(seed, false));
  },
};
