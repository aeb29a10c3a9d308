import { basename, dirname, join } from 'node:path';

import { errorCode, type FileIo } from './file-io.ts';
import { identityOf, sameFile, type FileIdentity } from './identity.ts';

/** Names that are looked at to find a rotated file: enough for every log directory, a few milliseconds at most. */
export const MOVED_SEARCH_NAMES = 1000;

/**
 * Finds under which name in its directory a file now stands that was moved away from `path`. Names
 * that begin like the path's are tried first, as rotation makes them.
 */
export function findMovedFile(io: FileIo, path: string, identity: FileIdentity): string | null {
  const directory = dirname(path);
  const stem = basename(path);
  let names: string[];
  try {
    names = io.list(directory);
  } catch (error) {
    // A directory that went away, or may not be listed, cannot show where its file went.
    if (errorCode(error) === undefined) throw error;
    return null;
  }
  const likely = names.filter((name) => name.startsWith(stem));
  const others = names.filter((name) => !name.startsWith(stem));
  for (const name of [...likely, ...others].slice(0, MOVED_SEARCH_NAMES)) {
    const candidate = join(directory, name);
    if (candidate !== path && hasIdentity(io, candidate, identity)) return candidate;
  }
  return null;
}

function hasIdentity(io: FileIo, path: string, identity: FileIdentity): boolean {
  try {
    const stat = io.stat(path);
    return stat?.isFile() === true && sameFile(identityOf(stat), identity);
  } catch (error) {
    // One name that cannot be judged does not end the search.
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}
