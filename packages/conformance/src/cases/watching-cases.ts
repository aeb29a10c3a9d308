import type { ConformanceCase } from '../conformance-case.ts';
import { consumingCases } from './watching/consuming.ts';
import { directoryCases } from './watching/directories.ts';
import { extremeCases } from './watching/extremes.ts';
import { fileCases } from './watching/files.ts';
import { ignoringCases } from './watching/ignoring.ts';
import { lifecycleCases } from './watching/lifecycle.ts';
import { openingCases } from './watching/opening.ts';
import { watchRandomOperations } from './watching/random-operations.ts';
import { renamingCases } from './watching/renaming.ts';
import { replacingCases } from './watching/replacing.ts';
import { resumingCases } from './watching/resuming.ts';
import { rootFateCases } from './watching/root-fate.ts';
import { specialFileCases } from './watching/special-files.ts';
import { symlinkCases } from './watching/symlinks.ts';

/** What a `PathWatcher` on the backend owes: the same changes, whichever backend it is. */
export const watchingCases: readonly ConformanceCase[] = [
  ...openingCases,
  ...lifecycleCases,
  ...consumingCases,
  ...fileCases,
  ...specialFileCases,
  ...replacingCases,
  ...renamingCases,
  ...directoryCases,
  ...extremeCases,
  ...rootFateCases,
  ...symlinkCases,
  ...ignoringCases,
  ...resumingCases,
  watchRandomOperations,
];
