import { Tail } from 'tail';

import type { LineFollower } from '../harness/subject.ts';

/** npm `tail`, which starts with its constructor. */
export const npmTail: LineFollower = {
  follow: async (files, told) => {
    for (const file of files) {
      const tail = new Tail(file);
      tail.on('line', told);
      tail.on('error', (error: unknown) => {
        throw new Error(`tail of ${file} failed`, { cause: error });
      });
    }
  },
};
