import { constants, lstatSync, readlinkSync, type BigIntStats, type Dirent } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { errorCode } from './backend-kit/error-code.ts';
import type { EntryStat, EntryType } from './entry.ts';

/** What an entry of a listing, or a stat of it, is. */
export function entryType(
  entry: Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink'>,
): EntryType {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'other';
}

/** The kinds of entries, by the type bits of their mode (inode(7)); Windows shows the same ones. */
const { S_IFMT, S_IFREG, S_IFDIR, S_IFLNK } = constants;

function typeOf(mode: number): EntryType {
  const kind = mode & S_IFMT;
  if (kind === S_IFREG) return 'file';
  if (kind === S_IFDIR) return 'directory';
  return kind === S_IFLNK ? 'symlink' : 'other';
}

let sharedDev = 0n;
const one = 1n;

/**
 * Keeps what core needs of a stat. Equal integers share one heap number, because a table may hold
 * 100,000 of these.
 */
export function toEntryStat(stats: BigIntStats, link?: string): EntryStat {
  const { mtimeNs, ctimeNs, birthtimeNs } = stats;
  const mode = Number(stats.mode);
  if (stats.dev !== sharedDev) sharedDev = stats.dev;
  const entry: EntryStat = {
    type: typeOf(mode),
    size: stats.size,
    mtimeNs,
    ctimeNs: ctimeNs === mtimeNs ? mtimeNs : ctimeNs,
    birthtimeNs: birthtimeNs === mtimeNs ? mtimeNs : birthtimeNs,
    dev: sharedDev,
    ino: stats.ino,
    mode,
    nlink: stats.nlink === one ? one : stats.nlink,
  };
  return link === undefined ? entry : { ...entry, link };
}

/**
 * Whether a file system error of lstat means that nothing has this name. lstat does not follow the
 * name itself, so ELOOP says that a parent is no directory any more but a link in a loop.
 */
export function isAbsence(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP';
}

const lookOptions = { bigint: true, throwIfNoEntry: false } as const;

/** Reads one name without following a symlink; `null` when it is absent. Throws what else goes wrong. */
export function readEntrySync(path: string): EntryStat | null {
  try {
    const stats = lstatSync(path, lookOptions);
    if (stats === undefined) return null;
    const entry = toEntryStat(stats);
    return entry.type === 'symlink' ? { ...entry, link: readlinkSync(path) } : entry;
  } catch (error) {
    // The entry, or a directory above it, vanished between the listing or the stat and this read.
    if (isAbsence(error)) return null;
    throw error;
  }
}

/** Same as {@link readEntrySync}, for places where a stat may wait for a server. */
export async function readEntry(path: string): Promise<EntryStat | null> {
  try {
    const stats = await lstat(path, { bigint: true });
    return toEntryStat(stats, stats.isSymbolicLink() ? await readlink(path) : undefined);
  } catch (error) {
    // The entry, or a directory above it, is not there (any more).
    if (isAbsence(error)) return null;
    throw error;
  }
}
