import type { FileWatcher, TreeWatcher } from '../harness/subject.ts';

/** Watches nothing: what the process costs that only knows the files. */
export const nothing: FileWatcher & TreeWatcher = {
  silent: true,
  watchFiles: async () => {},
  watchTree: async () => {},
};
