import type { ConformanceCase } from '../../conformance-case.ts';

/** A root that is a file is refused. */
export const rootIsFile: ConformanceCase = {
  name: 'root-is-file',
  title: 'opening a file is refused with ERR_WATCH_NOT_DIRECTORY',
  run: (bench) => {
    const root = bench.workspace.write(bench.workspace.at('file'));
    return bench.expectRefusal({ root }, 'ERR_WATCH_NOT_DIRECTORY');
  },
};
