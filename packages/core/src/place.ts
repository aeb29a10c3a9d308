import { readFileSync } from 'node:fs';
import { lstat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { toAbsPath } from './abs-path.ts';
import type { AbsPath } from './entry.ts';
import { fileSystemName, fileSystemTraits } from './file-system-type.ts';
import { findMount, parseMountInfo, type Mount } from './mount-table.ts';

/** A path's surroundings: what decides which backend can be trusted there. */
export interface Place {
  /** The path that was looked at: an existing directory. */
  readonly path: AbsPath;
  /** The platform of this process. */
  readonly platform: NodeJS.Platform;
  /** File system type as the kernel names it (`ext4`, `nfs4`, `9p`, `fuse.osxfs`, `tmpfs`), or `unknown`. */
  readonly fsType: string;
  /** Whether a machine other than this kernel may write here. */
  readonly shared: boolean | 'unknown';
  /** Whether names that differ only in case are different names. */
  readonly caseSensitive: boolean | 'unknown';
}

/** How long a reading of the mount table is trusted, in milliseconds: mounts change by hand, and one reading serves a burst of watches. */
export const MOUNT_TABLE_TTL_MS = 1000;

const mountInfo = '/proc/self/mountinfo';

let mounts: readonly Mount[] = [];
let mountsReadAt = Number.NEGATIVE_INFINITY;

/** The mount table of this process; empty where there is none. Reading it never waits for a server. */
function currentMounts(): readonly Mount[] {
  if (process.platform !== 'linux') return mounts;
  const now = performance.now();
  if (now - mountsReadAt < MOUNT_TABLE_TTL_MS) return mounts;
  mountsReadAt = now;
  try {
    mounts = parseMountInfo(readFileSync(mountInfo, 'latin1'));
  } catch {
    // Without /proc (a minimal chroot) statfs decides instead; any reason for it is equal here.
    mounts = [];
  }
  return mounts;
}

/** The mount table is bytes; read as Latin-1 it must be compared with bytes. */
function mountOf(path: string): Mount | undefined {
  return findMount(currentMounts(), Buffer.from(path).toString('latin1'));
}

/** The last judgement: the files of one directory are often watched one after another. */
let judged = { path: '', table: mounts, atOnce: true };

const remotePrefixes = ['/Volumes/', '/Network/', '/net/'];

/**
 * Whether a stat below a path answers at once, judged by the path alone, because asking a dead
 * server would be the very wait to avoid.
 */
export function answersAtOnce(path: string): boolean {
  if (process.platform === 'win32') return !path.startsWith('\\\\');
  if (process.platform === 'darwin') {
    return !remotePrefixes.some((prefix) => path.startsWith(prefix));
  }
  const table = currentMounts();
  if (path !== judged.path || table !== judged.table) {
    const mount = mountOf(path);
    const atOnce = mount === undefined || fileSystemTraits(mount.fsType).shared === false;
    judged = { path, table, atOnce };
  }
  return judged.atOnce;
}

/** Names the mounted file system, or the server, a path lies on, by the path alone: who shares its fate when it does not answer. */
export function mountPointOf(path: string): string {
  const mount = mountOf(path);
  if (mount !== undefined) return mount.point;
  const [, top, volume] = path.split(/[\\/]+/u);
  return `${top}/${volume}`;
}

async function fileSystemOf(path: AbsPath): Promise<string> {
  const mount = mountOf(path);
  if (mount !== undefined) return mount.fsType;
  try {
    return fileSystemName(process.platform, (await statfs(path)).type);
  } catch {
    // A place that cannot be asked is a place nothing is known of; opening it reports the reason.
    return 'unknown';
  }
}

function swapCase(name: string): string {
  const upper = name.toUpperCase();
  return upper === name ? name.toLowerCase() : upper;
}

/** Looks the directory up under its own name in the other case. */
async function foldsCase(path: AbsPath): Promise<boolean | 'unknown'> {
  const name = basename(path);
  const swapped = swapCase(name);
  if (swapped === name) return 'unknown';
  try {
    const [own, other] = await Promise.all([
      lstat(path, { bigint: true }),
      lstat(join(dirname(path), swapped), { bigint: true }),
    ]);
    return own.ino === other.ino && own.dev === other.dev;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? false : 'unknown';
  }
}

/**
 * Finds out where a directory lies: by the mount table on Linux, by statfs elsewhere.
 *
 * @example
 * ```ts
 * const place = await detectPlace('/var/log');
 * console.log(place.fsType, place.shared);
 * ```
 */
export async function detectPlace(path: string): Promise<Place> {
  const directory = toAbsPath(path);
  const fsType = await fileSystemOf(directory);
  const { platform } = process;
  const traits = fileSystemTraits(fsType);
  let { shared, caseSensitive } = traits;
  if (shared === 'unknown' && fsType === 'unknown' && platform !== 'linux') {
    shared = answersAtOnce(directory) ? false : 'unknown';
  }
  if (caseSensitive === 'unknown' && shared === false) {
    const folds = await foldsCase(directory);
    caseSensitive = folds === 'unknown' ? 'unknown' : !folds;
  }
  return { path: directory, platform, fsType, shared, caseSensitive };
}
