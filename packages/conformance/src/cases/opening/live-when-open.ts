import type { ConformanceCase } from '../../conformance-case.ts';

/** Opening resolves when it is live. */
export const liveWhenOpen: ConformanceCase = {
  name: 'live-when-open',
  title: 'a change in the very turn in which open resolves is touched, at any depth',
  run: async (bench) => {
    const { workspace } = bench;
    const deep = workspace.makeDirectory(workspace.at('a/b/c'));
    const observation = await bench.open();
    const shallow = workspace.at('first');
    const below = workspace.at('a/b/c/second');
    await observation.expectTouched([shallow, below], () => {
      workspace.write(shallow);
      workspace.write(below, deep);
    });
  },
};
