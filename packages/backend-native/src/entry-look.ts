import { accessSync, constants, lstatSync, type BigIntStats } from 'node:fs';
import type { EntryStat, EntryType } from '@watchkeeper/core';

/** Codes that say: no entry of this name. */
const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

/** What tells one directory from another that took its name: ext4 reuses inode numbers at once, birth times it does not. */
export interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly birthtimeNs: bigint;
}

/** Reads an entry without following a link; `null` when there is none, `undefined` when it cannot be read. */
export function lookAt(path: string): BigIntStats | null | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch (error) {
    // Permission, I/O or name length: none of them says that the entry is gone.
    return ABSENT.has(errorCode(error) ?? '') ? null : undefined;
  }
}

/** Whether this user may list a directory and reach what is in it. */
export function isReadable(directory: string): boolean {
  try {
    accessSync(directory, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    // Whatever the reason: it cannot be read now.
    return false;
  }
}

/** Whether two readings are of one file system object. */
export function isSame(a: Identity, b: Identity): boolean {
  return a.ino === b.ino && a.dev === b.dev && a.birthtimeNs === b.birthtimeNs;
}

/** The kind of entry a reading shows. */
export function typeOf(stats: BigIntStats): EntryType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}

/** A reading in core's words; `undefined` for a symlink, whose target would need another call. */
export function toEntryStat(stats: BigIntStats): EntryStat | undefined {
  const type = typeOf(stats);
  if (type === 'symlink') return undefined;
  return {
    type,
    size: stats.size,
    mtimeNs: stats.mtimeNs,
    ctimeNs: stats.ctimeNs,
    birthtimeNs: stats.birthtimeNs,
    dev: stats.dev,
    ino: stats.ino,
    mode: Number(stats.mode),
    nlink: stats.nlink,
  };
}

/** The `code` of a system error. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
