import { openSync, readSync } from 'node:fs';

import type { FileWatcher, LineFollower } from '../harness/subject.ts';

/** Reads what was appended whenever a watcher tells of a change: what a user of it writes to follow lines. */
export function reading({ watchFiles }: FileWatcher): LineFollower {
  return {
    follow: (files, told) => {
      const buffer = Buffer.allocUnsafe(256 * 1024);
      const followed = new Map(
        files.map((file) => [file, { descriptor: openSync(file, 'r'), position: 0 }]),
      );
      return watchFiles(files, (path) => {
        const file = followed.get(path);
        if (file === undefined) return;
        const length = readSync(file.descriptor, buffer, 0, buffer.length, file.position);
        const text = buffer.toString('utf8', 0, length);
        const lines = text.split('\n');
        const rest = lines.pop() ?? '';
        file.position += length - Buffer.byteLength(rest);
        for (const line of lines) told(line);
      });
    },
  };
}
