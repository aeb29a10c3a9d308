import { subscribe } from '@parcel/watcher';
import { dirname } from 'node:path';

import type { FileWatcher, Told, TreeWatcher } from '../harness/subject.ts';

async function watchTree(root: string, told: Told): Promise<void> {
  await subscribe(root, (error, events) => {
    if (error !== null) throw error;
    for (const { path } of events) told(path);
  });
}

/** The directory that holds all of these files. */
function commonDirectory(files: readonly string[]): string {
  let common = dirname(files[0] ?? '');
  for (const file of files) {
    while (!file.startsWith(`${common}/`)) common = dirname(common);
  }
  return common;
}

/** `@parcel/watcher`; it only watches trees, so that files are watched by the one above them all. */
export const parcelWatcher: FileWatcher & TreeWatcher = {
  watchFiles: (files, told) => watchTree(commonDirectory(files), told),
  watchTree,
};
