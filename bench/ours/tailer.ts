import { tail } from '@watchkeeper/tailer';

import type { LineFollower } from '../harness/subject.ts';

/** `tail()` without debounce, its watcher chosen as for every user. */
export const tailer: LineFollower = {
  follow: async (files, told) => {
    const tails = files.map((file) =>
      tail(file, {
        debounceMs: 0,
        onBatch: ({ items }) => {
          for (const line of items) told(line);
        },
        onError: (error) => {
          throw error;
        },
      }),
    );
    await Promise.all(tails.map(({ ready }) => ready));
  },
};
