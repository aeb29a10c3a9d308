import { watch, type ChokidarOptions } from 'chokidar';

import type { FileWatcher, Told, TreeWatcher } from '../harness/subject.ts';

function start(
  paths: string | readonly string[],
  told: Told,
  options?: ChokidarOptions,
): Promise<void> {
  const watcher = watch(typeof paths === 'string' ? paths : [...paths], {
    ...options,
    ignoreInitial: true,
  });
  watcher.on('all', (_, path) => told(path));
  return new Promise((resolve, reject) => {
    watcher.on('ready', resolve);
    watcher.on('error', reject);
  });
}

/** chokidar as it is installed. */
export const chokidar: FileWatcher & TreeWatcher = {
  watchFiles: (files, told) => start(files, told),
  watchTree: (root, told) => start(root, told),
};

/** chokidar, polling. */
export function chokidarPolling(intervalMs: number): FileWatcher {
  return {
    watchFiles: (files, told) =>
      start(files, told, {
        usePolling: true,
        interval: intervalMs,
        binaryInterval: intervalMs,
      }),
  };
}
