import type { ConformanceCase } from '../../conformance-case.ts';

const refuses = (relative: string): boolean => relative === 'skipped' || relative.endsWith('.skip');

/** What is ignored stays silent. */
export const ignored: ConformanceCase = {
  name: 'ignored',
  title: 'an ignored subtree and ignored names are never touched, also not when they go',
  run: async (bench) => {
    const { workspace } = bench;
    const skipped = workspace.at('skipped');
    workspace.write(workspace.at('skipped/deep/old'));
    const observation = await bench.open({ ignores: refuses, prune: [skipped] });
    await observation.expectQuiet(skipped, () => {
      workspace.write(workspace.at('skipped/deep/new'));
      workspace.append(workspace.at('skipped/deep/old'));
      workspace.remove(skipped);
      workspace.write(workspace.at('skipped/again'));
    });
    const file = workspace.at('d/file.skip');
    await observation.expectQuiet(file, () => {
      workspace.write(file);
      workspace.append(file);
      workspace.remove(file);
    });
  },
};

/** Names that become wanted, and the reverse. */
export const renamedAcrossIgnore: ConformanceCase = {
  name: 'renamed-across-ignore',
  title: 'an ignored file renamed to a wanted name is touched there, and only there',
  run: async (bench) => {
    const { workspace } = bench;
    const unwanted = workspace.write(workspace.at('file.skip'));
    const wanted = workspace.at('file');
    const observation = await bench.open({ ignores: refuses });
    const mark = observation.recorder.mark();
    await observation.expectTouched(wanted, () => workspace.rename(unwanted, wanted));
    await observation.expectTouched(wanted, () => workspace.rename(wanted, unwanted));
    bench
      .expect(observation.recorder.touchesWithin(unwanted, mark), 'touches of the ignored name')
      .toEqual([]);
  },
};

/** The predicate is asked before anything is spent. */
export const ignoredUnasked: ConformanceCase = {
  name: 'ignored-unasked',
  title: 'nothing below an ignored directory is ever asked about',
  run: async (bench) => {
    const { workspace } = bench;
    workspace.write(workspace.at('skipped/deep/file'));
    workspace.write(workspace.at('kept/file'));
    const asked: string[] = [];
    const observation = await bench.open({
      ignores: (relative) => {
        asked.push(relative);
        return refuses(relative);
      },
    });
    await observation.expectTouched(workspace.at('kept/other'), () => {
      workspace.write(workspace.at('skipped/deep/other'));
      workspace.write(workspace.at('kept/other'));
    });
    bench
      .expect(
        asked.filter((path) => path.startsWith('skipped/')),
        'asked in vain',
      )
      .toEqual([]);
    bench.expect(asked.includes('skipped'), 'asked about the directory itself').toBe(true);
  },
};
