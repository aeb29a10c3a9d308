import { watch } from 'node:fs';

import type { FileWatcher } from '../harness/subject.ts';

/** One bare `fs.watch` per file: nothing between the kernel's event and the callback. */
export const fsWatchCallback: FileWatcher = {
  watchFiles: async (files, told) => {
    for (const file of files) watch(file, () => told(file));
  },
};
