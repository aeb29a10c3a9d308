import type { ConformanceCase } from '../../conformance-case.ts';

/** Entries of the burst: many, and far fewer than any queue holds. */
const COUNT = 750;

/** Many changes in one turn. */
export const burst: ConformanceCase = {
  name: 'burst',
  title: 'a burst over many files and new directories is touched whole',
  applies: ({ capabilities }) =>
    capabilities.newDirectories === 'covered' || 'new directories leave a gap here',
  run: async (bench) => {
    const { workspace } = bench;
    const observation = await bench.open();
    const paths = Array.from({ length: COUNT }, (_, index) =>
      workspace.at(`d${index % 30}/e${index % 3}/f${index}`),
    );
    await observation.expectTouched(paths, () => {
      for (const path of paths) workspace.write(path);
    });
  },
};
