import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory and its missing parents, for this user only. One that exists stays as it is.
 *
 * Not `mkdirSync` with `recursive`: where a parent exists but takes no entries, as below `/proc`, it
 * tries again for ever (nodejs/node, `MKDirpSync` answers ENOENT by making the parent once more).
 */
export function makePrivateDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(path);
  if (parent !== path) makePrivateDirectory(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process was faster.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
