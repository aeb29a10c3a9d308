import type { ConformanceCase } from '../conformance-case.ts';

/** What a `PathWatcher` on the backend owes. */
export const watchingCases: readonly ConformanceCase[] = [];
