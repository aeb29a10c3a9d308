import { lstatSync, readdirSync } from 'node:fs';

import type { TreeWatcher } from '../harness/subject.ts';

/** Reads every directory and stats every entry, once; keeps nothing and watches nothing. */
export const walk: TreeWatcher = {
  silent: true,
  watchTree: async (root) => {
    const directories = [root];
    for (let path = directories.pop(); path !== undefined; path = directories.pop()) {
      for (const name of readdirSync(path)) {
        const entry = `${path}/${name}`;
        if (lstatSync(entry).isDirectory()) directories.push(entry);
      }
    }
  },
};
