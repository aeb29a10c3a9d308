import type { ConformanceCase } from '../../conformance-case.ts';
import { differential } from '../../differential/differential.ts';

/** Whatever happens in whatever order, the reports add up. */
export const watchRandomOperations: ConformanceCase = {
  name: 'watch-random-operations',
  title: 'after any sequence of operations, the reported changes add up to what is there',
  timeoutMs: ({ seeds }) => seeds.length * PROGRAM_TIMEOUT_MS,
  run: async (bench) => {
    await differential({
      createWatcher: () => bench.createWatcher(),
      seeds: bench.seeds,
      directory: bench.workspace.base,
      deadlineMs: bench.deadlineMs,
    });
  },
};

/** Longest that a program may take on the average: some hundred times what it takes. */
const PROGRAM_TIMEOUT_MS = 500;
