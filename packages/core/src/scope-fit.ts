import { opendir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { errorCode } from './backend-kit/error-code.ts';
import { entryPath, parentPath } from './abs-path.ts';
import type { Capabilities, OpenRequest, Scope } from './backend.ts';
import type { AbsPath } from './entry.ts';
import { WatchError } from './errors.ts';

/**
 * Most directories below a root that a backend may watch along with what it was asked for: one watch
 * each is a small part of the smallest usual limit (8192, inotify(7)), and they are counted in a few
 * milliseconds.
 */
export const MAX_FILTERED_DIRECTORIES = 512;

/** What must be known to tell whether a scope fits a backend. */
type Wanted = Pick<OpenRequest, 'root' | 'scope'>;

/**
 * Why a backend does not serve a scope, or `null` when it does. One that watches more than it is asked
 * for is refused where that would be absurd: a single file in a home directory is not worth a watch
 * on everything in it.
 */
export async function misfit(
  backend: string,
  { scope: support, costPer }: Capabilities,
  { root, scope }: Wanted,
): Promise<WatchError | null> {
  const { kind } = scope;
  if (support[kind] === 'native') return null;
  if (support[kind] === 'none') {
    return unsupported(backend, root, `does not watch a scope of kind ${kind} at ${root}`);
  }
  const excess = await excessOf(root, costPer);
  if (excess === null) return null;
  return unsupported(backend, root, `would watch all of ${root} for ${asked(scope)}: ${excess}`);
}

async function excessOf(root: AbsPath, costPer: Capabilities['costPer']): Promise<string | null> {
  if (parentPath(root) === root) return 'it is the root of a file system';
  if (root === homedir()) return 'it is a home directory';
  if (costPer !== 'directory' && costPer !== 'entry') return null;
  const many = await hasMoreDirectories(root, MAX_FILTERED_DIRECTORIES);
  return many ? `it has more than ${MAX_FILTERED_DIRECTORIES} directories` : null;
}

/** Whether there are more directories below a root than this. */
async function hasMoreDirectories(root: AbsPath, most: number): Promise<boolean> {
  const waiting = [root];
  let found = 0;
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    try {
      for await (const entry of await opendir(path)) {
        if (!entry.isDirectory()) continue;
        if (++found > most) return true;
        waiting.push(entryPath(path, entry.name));
      }
    } catch (error) {
      // What vanished or cannot be read costs no watch; anything else has no code and is a mistake here.
      if (errorCode(error) === undefined) throw error;
    }
  }
  return false;
}

function asked(scope: Scope): string {
  if (scope.kind !== 'names') return 'its direct entries';
  const { size } = scope.names;
  return size === 1 ? 'one name in it' : `${size} names in it`;
}

function unsupported(backend: string, root: AbsPath, what: string): WatchError {
  return new WatchError(`Backend ${backend} ${what}`, {
    code: 'ERR_WATCH_SCOPE_UNSUPPORTED',
    backend,
    paths: [root],
    remedy: 'add a backend that watches only what is asked, for example fs or poll',
  });
}
