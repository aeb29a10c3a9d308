import { stat, watchFile } from 'node:fs';

import type { FileWatcher } from '../harness/subject.ts';

/** `fs.watchFile` on each file. */
export function fsWatchFile(intervalMs: number): FileWatcher {
  return {
    watchFiles: async (files, told) => {
      for (const file of files) watchFile(file, { interval: intervalMs }, () => told(file));
      // It does not say when it has read what it compares with. One look that queues up behind its own does.
      await new Promise((resolve) => stat(files.at(-1) ?? '.', resolve));
    },
  };
}
