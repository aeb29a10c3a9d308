import { openSync, readSync, watch } from 'node:fs';

import type { LineFollower } from '../harness/subject.ts';

const NEWLINE = 10;

/** One bare `fs.watch` per file, one `readSync` per event, lines cut on bytes. Knows no truncation, rotation or error. */
export const fsWatchRead: LineFollower = {
  follow: async (files, told) => {
    const buffer = Buffer.allocUnsafe(256 * 1024);
    for (const file of files) {
      const descriptor = openSync(file, 'r');
      let position = 0;
      watch(file, () => {
        const end = readSync(descriptor, buffer, 0, buffer.length, position);
        let start = 0;
        for (;;) {
          const newline = buffer.indexOf(NEWLINE, start);
          if (newline === -1 || newline >= end) break;
          told(buffer.toString('utf8', start, newline));
          start = newline + 1;
        }
        position += start;
      });
    }
  },
};
