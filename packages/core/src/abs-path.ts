import { basename, dirname, resolve, sep } from 'node:path';
import type { AbsPath } from './entry.ts';

/** Makes a path absolute and normalised; says nothing about what exists. */
export function toAbsPath(path: string): AbsPath {
  const resolved = resolve(path);
  // The same string, not a copy: a watcher keeps one for each of its watches.
  return (resolved === path ? path : resolved) as AbsPath;
}

/** The path of an entry in a directory. */
export function entryPath(directory: AbsPath, name: string): AbsPath {
  return (directory.endsWith(sep) ? directory + name : directory + sep + name) as AbsPath;
}

/** The directory that holds a path; a file system root holds itself. */
export function parentPath(path: AbsPath): AbsPath {
  return dirname(path) as AbsPath;
}

/** The last segment of a path; empty for a file system root. */
export function nameOf(path: AbsPath): string {
  return basename(path);
}

/**
 * The part of `path` below `root`, cut by segments and not by string length alone; empty when they
 * are the same, `null` when `path` is not inside.
 */
export function relativeTo(root: string, path: string): string | null {
  if (path === root) return '';
  const prefix = root.endsWith(sep) ? root : root + sep;
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
}

/** A relative path as `ignore` functions see it. */
export const toSlashes: (relative: string) => string =
  sep === '/' ? (relative) => relative : (relative) => relative.replaceAll(sep, '/');

/** A watched path as the caller wrote it, without trailing separators. */
export function toSpelling(path: string): string {
  let end = path.length;
  while (end > 1 && (path[end - 1] === sep || path[end - 1] === '/')) end--;
  return end === path.length ? path : path.slice(0, end);
}

/** The spelling of an entry below a watched path. */
export function spell(spelling: string, relative: string): string {
  if (relative === '') return spelling;
  return spelling.endsWith(sep) ? spelling + relative : spelling + sep + relative;
}
