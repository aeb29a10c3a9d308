import type { WatchOptions } from '@watchkeeper/core';
import type { Bench } from '../../bench.ts';
import type { ConformanceCase } from '../../conformance-case.ts';
import type { Expectation } from '../../scene.ts';
import type { Workspace } from '../../workspace.ts';

/** One thing that is done, and what is to be reported of it. */
export type Step = readonly [expected: Expectation, act: (workspace: Workspace) => void];

/** A scenario as data: prepare, watch the root, do, and compare; at the end, the model check. */
export interface Script {
  readonly name: string;
  readonly title: string;
  readonly prepare?: (workspace: Workspace) => void;
  readonly options?: WatchOptions;
  readonly applies?: ConformanceCase['applies'];
  readonly steps: readonly Step[];
}

/** Turns a script into a case. */
export function scripted(script: Script): ConformanceCase {
  return {
    name: `watch-${script.name}`,
    title: script.title,
    ...(script.applies === undefined ? {} : { applies: script.applies }),
    run: async (bench: Bench) => {
      const { workspace } = bench;
      script.prepare?.(workspace);
      const scene = await bench.watch(workspace.root, script.options ?? { recursive: true });
      for (const [expected, act] of script.steps) await scene.step(expected, () => act(workspace));
      scene.expectModel(workspace.root);
    },
  };
}
