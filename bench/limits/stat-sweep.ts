import { statSync } from 'node:fs';

import type { FileWatcher } from '../harness/subject.ts';

/** Time between the starts of two sweeps. */
const INTERVAL_MS = 1000;

/** One `statSync` per file and second, all in one go, the modification time compared. */
export const statSweep: FileWatcher = {
  watchFiles: async (files, told) => {
    const times = Float64Array.from(files, (file) => statSync(file).mtimeMs);
    setInterval(() => {
      for (let index = 0; index < files.length; index += 1) {
        const file = files[index] as string;
        const time = statSync(file).mtimeMs;
        if (time !== times[index]) {
          times[index] = time;
          told(file);
        }
      }
    }, INTERVAL_MS);
  },
};
