import type { BigIntStats } from 'node:fs';
import type { ConformanceCase } from '../../conformance-case.ts';
import { createRandom, operate } from '../../random-operations.ts';
import { walkTree } from '../../tree-walk.ts';

/** Seeds are fixed: a test suite must not be a lottery. */
const SEEDS = [1, 2, 3, 5, 8, 13];

/** Looks per seed, each after up to {@link MOST} operations. */
const ROUNDS = 40;
const MOST = 6;

/** Whether a reader who knew `before` has missed something when nobody tells of `after`. */
function moved(before: BigIntStats | undefined, after: BigIntStats | undefined): boolean {
  if (before === undefined || after === undefined) return before !== after;
  if (before.ino !== after.ino || before.birthtimeNs !== after.birthtimeNs) return true;
  if (before.mode !== after.mode) return true;
  // Size and times of a directory follow from its entries, which are told by themselves.
  return after.isFile() && (before.mtimeNs !== after.mtimeNs || before.size !== after.size);
}

/** Whatever happens in whatever order. */
export const randomOperations: ConformanceCase = {
  name: 'random-operations',
  title: 'after any sequence of operations, every path that differs was touched',
  applies: ({ capabilities }) =>
    (capabilities.newDirectories === 'covered' && capabilities.movedDirectories === 'tracked') ||
    'new or moved directories are not followed here',
  run: async (bench) => {
    for (const seed of SEEDS) {
      const random = createRandom(seed);
      const root = bench.workspace.makeDirectory(bench.workspace.at(`seed-${seed}`));
      const observation = await bench.open({ root });
      let before = walkTree(root);
      for (let round = 0; round < ROUNDS; round += 1) {
        const mark = observation.recorder.mark();
        const done = Array.from({ length: 1 + random(MOST) }, () => operate(root, random));
        const after = walkTree(root);
        const differing = [...new Set([...before.keys(), ...after.keys()])].filter((name) =>
          moved(before.get(name), after.get(name)),
        );
        const missing = (): readonly string[] =>
          differing.filter(
            (name) =>
              !observation.recorder.covers(bench.workspace.at(`seed-${seed}/${name}`), mark),
          );
        if (observation.subscription.barrier === undefined) {
          await observation.recorder.until(() => missing().length === 0, bench.deadlineMs);
        } else {
          await observation.subscription.barrier();
        }
        bench
          .expect(missing(), `untouched, seed ${seed}, round ${round}: ${done.join('; ')}`)
          .toEqual([]);
        before = after;
      }
      await observation.subscription.close();
    }
  },
};
