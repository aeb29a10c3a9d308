import { PathWatcher, type WatchBackend, type WatchOptions } from '@watchkeeper/core';
import { dirname } from 'node:path';

import type { FileWatcher, Told, TreeWatcher } from '../harness/subject.ts';

/** Watches paths with one watcher that has one backend and no other to fall back to. */
async function watchAll(
  backend: WatchBackend,
  paths: Iterable<string>,
  told: Told,
  options: WatchOptions,
): Promise<void> {
  const watcher = new PathWatcher({ backends: [backend], fallback: 'none' });
  const ready: Promise<void>[] = [];
  for (const path of paths) {
    const watch = watcher.watch(path, options);
    watch.on('batch', ({ changes }) => {
      for (const { path: changed, after } of changes) {
        told(changed, after === null ? undefined : Number(after.size));
      }
    });
    ready.push(watch.ready);
  }
  await Promise.all(ready);
}

/** Core on a backend: a watch for each file, or one for the tree. */
export function coreOn(backend: WatchBackend): FileWatcher & TreeWatcher {
  return {
    watchFiles: (files, told) => watchAll(backend, files, told, {}),
    watchTree: (root, told) => watchAll(backend, [root], told, { recursive: true }),
  };
}

/** Core on a backend: a watch for each directory that holds files. */
export function coreDirectoriesOn(backend: WatchBackend): FileWatcher {
  return {
    watchFiles: (files, told) =>
      watchAll(backend, new Set(files.map((file) => dirname(file))), told, {}),
  };
}
