import { watch } from 'node:fs';
import { dirname, join } from 'node:path';

import type { FileWatcher } from '../harness/subject.ts';

/** One bare `fs.watch` per directory: the fewest handles that see every file. */
export const fsWatchDirectories: FileWatcher = {
  watchFiles: async (files, told) => {
    for (const directory of new Set(files.map((file) => dirname(file)))) {
      watch(directory, (_, name) => {
        if (name !== null) told(join(directory, name));
      });
    }
  },
};
