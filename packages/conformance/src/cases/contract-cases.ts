import type { ConformanceCase } from '../conformance-case.ts';
import { closeAtOnce, closeIdempotent, closeInSink, nothingAfterClose } from './ending/close.ts';
import { reopenCycles } from './ending/reopen-cycles.ts';
import { abortAfter, abortBefore, abortDuring } from './opening/abort.ts';
import { liveWhenOpen } from './opening/live-when-open.ts';
import { missingRoot } from './opening/missing-root.ts';
import { rootIsFile } from './opening/root-is-file.ts';
import { rootUnreadable } from './opening/root-unreadable.ts';
import { twoOpens } from './opening/two-opens.ts';
import { appendHeldOpen } from './running/append-held-open.ts';
import { burst } from './running/burst.ts';
import { everyChange } from './running/every-change.ts';
import { ignored, ignoredUnasked, renamedAcrossIgnore } from './running/ignored.ts';
import { movedDirectory, renamedAndRemade, swappedDirectories } from './running/moved-directory.ts';
import { movedIn, newDirectories, recreatedDirectory } from './running/new-directories.ts';
import { oddNames } from './running/odd-names.ts';
import { randomOperations } from './running/random-operations.ts';
import { removedTree } from './running/removed-tree.ts';
import { rootFate } from './running/root-fate.ts';
import { directoryScope, liveNames, namesScope } from './running/scopes.ts';
import { throwingSink } from './running/throwing-sink.ts';

/** What a backend owes by itself. */
export const contractCases: readonly ConformanceCase[] = [
  missingRoot,
  rootIsFile,
  rootUnreadable,
  abortBefore,
  abortDuring,
  abortAfter,
  liveWhenOpen,
  twoOpens,
  ...everyChange,
  appendHeldOpen,
  newDirectories,
  movedIn,
  recreatedDirectory,
  movedDirectory,
  renamedAndRemade,
  swappedDirectories,
  removedTree,
  ...oddNames,
  ignored,
  renamedAcrossIgnore,
  ignoredUnasked,
  directoryScope,
  namesScope,
  liveNames,
  throwingSink,
  ...rootFate,
  burst,
  randomOperations,
  closeIdempotent,
  nothingAfterClose,
  closeInSink,
  closeAtOnce,
  reopenCycles,
];
