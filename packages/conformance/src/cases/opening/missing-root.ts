import type { ConformanceCase } from '../../conformance-case.ts';

/** A root that is not there is refused. */
export const missingRoot: ConformanceCase = {
  name: 'missing-root',
  title: 'opening a root that does not exist is refused with ERR_WATCH_NOT_FOUND',
  run: (bench) =>
    bench.expectRefusal({ root: bench.workspace.at('missing') }, 'ERR_WATCH_NOT_FOUND'),
};
