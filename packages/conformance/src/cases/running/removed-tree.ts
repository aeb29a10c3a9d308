import type { ConformanceCase } from '../../conformance-case.ts';

/** A tree that goes. */
export const removedTree: ConformanceCase = {
  name: 'removed-tree',
  title: 'a removed tree is touched, every entry of it',
  run: async (bench) => {
    const { workspace } = bench;
    const paths = ['t', 't/a', 't/a/file', 't/b', 't/b/c', 't/b/c/file'].map((p) =>
      workspace.at(p),
    );
    workspace.write(workspace.at('t/a/file'));
    workspace.write(workspace.at('t/b/c/file'));
    const observation = await bench.open();
    await observation.expectTouched(paths, () => workspace.remove(workspace.at('t')));
    bench.expect(observation.recorder.end, 'the subscription goes on').toBe(null);
  },
};
