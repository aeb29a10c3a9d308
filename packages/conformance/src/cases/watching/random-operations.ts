import type { ConformanceCase } from '../../conformance-case.ts';
import { createRandom, operate } from '../../random-operations.ts';

/** Seeds are fixed: a test suite must not be a lottery. */
const SEEDS = [21, 34, 55];

/** Flushes per seed, each after up to {@link MOST} operations. */
const ROUNDS = 20;
const MOST = 6;

/** Whatever happens in whatever order, the reports add up. */
export const watchRandomOperations: ConformanceCase = {
  name: 'watch-random-operations',
  title: 'after any sequence of operations, the reported changes add up to what is there',
  run: async (bench) => {
    const { workspace } = bench;
    for (const seed of SEEDS) {
      const random = createRandom(seed);
      const root = workspace.makeDirectory(workspace.at(`seed-${seed}`));
      const scene = await bench.watch(root);
      for (let round = 0; round < ROUNDS; round += 1) {
        const done = Array.from({ length: 1 + random(MOST) }, () => operate(root, random));
        await scene.watch.flush();
        scene.expectModel(root, `seed ${seed}, round ${round}: ${done.join('; ')}`);
      }
      await scene.watch.close();
    }
  },
};
