import { closeSync, openSync, writeSync } from 'node:fs';
import type { ConformanceCase } from '../../conformance-case.ts';

/** A writer that never closes its file is seen. */
export const appendHeldOpen: ConformanceCase = {
  name: 'append-held-open',
  title: 'each append through a descriptor that stays open is touched before it is closed',
  applies: ({ capabilities }) =>
    capabilities.openFileAppends !== 'on-close' || 'appends are touched on close here',
  run: async (bench) => {
    const path = bench.workspace.write(bench.workspace.at('log'), '');
    const observation = await bench.open();
    const descriptor = openSync(path, 'a');
    try {
      for (let line = 0; line < 20; line += 1) {
        await observation.expectTouched(path, () => writeSync(descriptor, `line ${line}\n`));
      }
    } finally {
      closeSync(descriptor);
    }
  },
};
