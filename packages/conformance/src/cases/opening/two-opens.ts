import type { ConformanceCase } from '../../conformance-case.ts';

/** Two subscriptions on one root know nothing of each other. */
export const twoOpens: ConformanceCase = {
  name: 'two-opens',
  title: 'two subscriptions on one root ignore different things and close apart',
  run: async (bench) => {
    const { workspace } = bench;
    const inside = workspace.at('skipped/file');
    workspace.makeDirectory(workspace.at('skipped'));
    const refuses = (relative: string): boolean => relative === 'skipped';
    const partial = await bench.open({ ignores: refuses, prune: [workspace.at('skipped')] });
    const whole = await bench.open();
    const mark = partial.recorder.mark();
    await whole.expectTouched(inside, () => void workspace.write(inside));
    await partial.settle();
    bench
      .expect(partial.recorder.touchesWithin(workspace.at('skipped'), mark), 'ignored touches')
      .toEqual([]);
    await partial.subscription.close();
    const other = workspace.at('other');
    await whole.expectTouched([inside, other], () => {
      workspace.append(inside);
      workspace.write(other);
    });
  },
};
