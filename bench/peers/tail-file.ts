import TailFile from '@logdna/tail-file';

import type { LineFollower, LineTold } from '../harness/subject.ts';

async function followOne(file: string, told: LineTold): Promise<void> {
  const tail = new TailFile(file, { encoding: 'utf8' });
  let rest = '';
  tail.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) told(line);
  });
  tail.on('tail_error', (error: Error) => {
    throw error;
  });
  await tail.start();
}

/** `@logdna/tail-file`, cut into lines: it delivers chunks. */
export const logdnaTailFile: LineFollower = {
  follow: async (files, told) => {
    await Promise.all(files.map((file) => followOne(file, told)));
  },
};
