import { parse, resolve, sep } from 'node:path';
import { entryPath, nameOf, parentPath } from './abs-path.ts';
import type { AbsPath, EntryStat } from './entry.ts';
import { WatchError } from './errors.ts';

/** The result of one look: what is there, `null` for nothing, or why it cannot be told. */
export type Look = EntryStat | null | WatchError;

/** A name in a real directory whose change may lead a watched path elsewhere. */
export interface Hinge {
  /** The directory: real, without symlinks. */
  readonly directory: AbsPath;
  /** The name in it. */
  readonly name: string;
  /** What the name was when the path was resolved; `undefined` when that could not be told. */
  readonly stat: EntryStat | null | undefined;
}

/**
 * Where a path leads now. `entry`: a name in an existing directory, present or not. `directory`: an
 * existing directory. `waiting`: a parent is missing or not a directory, and the hinge is the first
 * name that must change. `loop`: too many symlinks, so nothing can be there until the hinge or another
 * link changes. `blocked`: it cannot be told, and the hinge is where to wait.
 */
export type Target =
  | ({ readonly kind: 'entry' } & Hinge)
  | { readonly kind: 'directory'; readonly root: AbsPath; readonly stat: EntryStat }
  | ({ readonly kind: 'waiting' } & Hinge)
  | ({ readonly kind: 'loop' | 'blocked'; readonly error: WatchError } & Hinge);

/** What a path depends on, and where it leads. */
export interface Resolution {
  /** Every symlink passed on the way, each once; of a loop, all but its hinge. */
  readonly links: readonly Hinge[];
  /** The end of the way. */
  readonly target: Target;
}

/** Linux gives up after 40 links in one path (path_resolution(7)). */
export const MAX_LINKS = 40;

const splitLink = sep === '\\' ? /[\\/]/u : /\//u;

function tooManyLinks(path: AbsPath): WatchError {
  return new WatchError(`${path} passes through more than ${MAX_LINKS} symbolic links`, {
    code: 'ERR_WATCH_LOOP',
    effect: 'partial',
    backend: 'core',
    paths: [path],
    remedy: 'remove the loop of symbolic links',
  });
}

/**
 * Follows a path from the file system root, one name at a time. Yields each path it wants looked at
 * (by lstat) and takes the result, so that the caller decides how to look.
 *
 * A parent that is a symlink directly in a file system root (`/var`, `/tmp` on macOS) is taken as
 * fixed: to follow it would mean watching the root of the disk.
 */
export function* resolvePath(path: AbsPath, follow: boolean): Generator<AbsPath, Resolution, Look> {
  const top = parse(path).root as AbsPath;
  const passing = new Map<AbsPath, Hinge>();
  const names = path.slice(top.length).split(sep).reverse();
  let directory = top;
  let passed = 0;

  while (names.length > 0) {
    const name = names.pop() ?? '';
    if (name === '' || name === '.') continue;
    if (name === '..') {
      directory = parentPath(directory);
      continue;
    }
    const full = entryPath(directory, name);
    const look = yield full;
    const last = names.length === 0;
    if (look instanceof WatchError) {
      const hinge = yield* blockedAt(directory, name);
      return { links: [...passing.values()], target: { kind: 'blocked', error: look, ...hinge } };
    }
    const hinge: Hinge = { directory, name, stat: look };
    if (look?.type === 'symlink' && (!last || follow)) {
      if (++passed > MAX_LINKS) {
        passing.delete(full);
        const links = [...passing.values()];
        return { links, target: { kind: 'loop', error: tooManyLinks(path), ...hinge } };
      }
      if (last || parentPath(directory) !== directory) passing.set(full, hinge);
      const text = look.link ?? '';
      const absolute = parse(text).root;
      if (absolute !== '') directory = parse(resolve(directory, absolute)).root as AbsPath;
      names.push(...text.slice(absolute.length).split(splitLink).reverse());
      continue;
    }
    if (look?.type === 'directory') {
      if (last) {
        return {
          links: [...passing.values()],
          target: { kind: 'directory', root: full, stat: look },
        };
      }
      directory = full;
      continue;
    }
    return { links: [...passing.values()], target: { kind: last ? 'entry' : 'waiting', ...hinge } };
  }

  const links = [...passing.values()];
  const look = yield directory;
  if (look instanceof WatchError) {
    return {
      links,
      target: { kind: 'blocked', error: look, ...(yield* blockedAt(directory, '')) },
    };
  }
  if (look?.type !== 'directory') {
    const error = new WatchError(`${directory} vanished while it was resolved`, {
      code: 'ERR_WATCH_NOT_FOUND',
      effect: 'partial',
      retryable: true,
      backend: 'core',
      paths: [path],
    });
    const hinge = { directory: parentPath(directory), name: nameOf(directory), stat: look };
    return { links, target: { kind: 'blocked', error, ...hinge } };
  }
  return { links, target: { kind: 'directory', root: directory, stat: look } };
}

/**
 * A name that cannot be looked at is blocked by its directory's mode: wait for the directory to
 * change, or for the first one above that can be looked at.
 */
function* blockedAt(directory: AbsPath, name: string): Generator<AbsPath, Hinge, Look> {
  let at = directory;
  let blocked = name;
  while (parentPath(at) !== at) {
    const stat = yield at;
    if (!(stat instanceof WatchError)) {
      return { directory: parentPath(at), name: nameOf(at), stat };
    }
    blocked = nameOf(at);
    at = parentPath(at);
  }
  return { directory: at, name: blocked, stat: undefined };
}
