import type { ConformanceCase } from '../conformance-case.ts';
import { directoryCases } from './watching/directories.ts';
import { fileCases } from './watching/files.ts';
import { ignoringCases } from './watching/ignoring.ts';
import { lifecycleCases } from './watching/lifecycle.ts';
import { watchRandomOperations } from './watching/random-operations.ts';
import { replacingCases } from './watching/replacing.ts';
import { rootFateCases } from './watching/root-fate.ts';
import { symlinkCases } from './watching/symlinks.ts';

/** What a `PathWatcher` on the backend owes: the same changes, whichever backend it is. */
export const watchingCases: readonly ConformanceCase[] = [
  ...lifecycleCases,
  ...fileCases,
  ...replacingCases,
  ...directoryCases,
  ...rootFateCases,
  ...symlinkCases,
  ...ignoringCases,
  watchRandomOperations,
];
