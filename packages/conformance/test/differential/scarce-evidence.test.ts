import { PathWatcher } from '@watchkeeper/core';
import { createManualBackend, type ManualBackend } from '@watchkeeper/core/testing';
import { expect, it } from 'vitest';
import { createRandom, differential, testSeeds, type DifferentialStep } from '../../src/index.ts';
import { walkTree } from '../../src/tree-walk.ts';

/** What reaches core of the first half of a step: nothing, a touch of all there is, or a loss. */
const evidence: readonly ((backend: ManualBackend, root: string) => void)[] = [
  () => {},
  (backend, root) => {
    for (const path of walkTree(root).keys()) backend.touch(`${root}/${path}`);
  },
  (backend) => backend.lose(),
];

class DrivenWatcher extends PathWatcher {
  readonly manual: ManualBackend;

  constructor() {
    const manual = createManualBackend();
    super({ backends: [manual] });
    this.manual = manual;
  }
}

it.each(['split', 'pair'] as const)(
  'core adds up whatever evidence it gets, with renames %s',
  { timeout: 120_000 },
  async (renames) => {
    const random = createRandom(1);
    const between = async ({ watcher, root }: DifferentialStep<DrivenWatcher>): Promise<void> => {
      evidence[random(evidence.length)]?.(watcher.manual, root);
      await new Promise(setImmediate);
    };
    const seeds = testSeeds(150);
    const report = await differential({
      createWatcher: () => new DrivenWatcher(),
      seeds,
      between,
      watchOptions: { renames },
    });
    expect(report.programs).toBe(seeds.length);
  },
);
