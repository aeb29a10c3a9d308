import { constants, type BigIntStats } from 'node:fs';
import { access, lstat, readlink, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '@watchkeeper/core';
import { errorCode } from '@watchkeeper/core/backend-kit';
import { LATE, within } from './deadline.ts';
import { nearestDirectory } from './nearest-directory.ts';

/** Longest wait for a stat, in milliseconds: a disk that spins up takes a few seconds, a dead server for ever. */
export const ANSWER_MS = 5000;

/** What is at a path. */
export interface Subject {
  /**
   * `special` is a FIFO, a socket or a device; `unreadable` may not be looked at; `silent` did not answer
   * in time; `broken` cannot be looked at for another reason.
   */
  readonly kind:
    | 'directory'
    | 'file'
    | 'special'
    | 'missing'
    | 'loop'
    | 'unreadable'
    | 'silent'
    | 'broken';
  /** The path without symlinks, or `null` when it leads nowhere. */
  readonly realPath: string | null;
  /** Where the path itself points, when it is a symlink. */
  readonly link: string | null;
  /** The nearest existing directory: itself, the one the file is in, or the one to wait in, past any link. */
  readonly directory: string;
  /** What a `special` is, or the code of the system for what cannot be looked at. */
  readonly detail: string | null;
}

/** Finds out what is at an absolute path, without ever waiting longer than {@link ANSWER_MS}. */
export async function inspectSubject(path: string, clock: Clock): Promise<Subject> {
  const answer = await within(inspect(path), ANSWER_MS, clock);
  if (answer !== LATE) return answer;
  const nothing = { realPath: null, link: null, detail: null };
  return { kind: 'silent', directory: path, ...nothing };
}

async function inspect(path: string): Promise<Subject> {
  const link = await linkOf(path);
  try {
    const stats = await stat(path, { bigint: true });
    const realPath = await realpath(path);
    if (!stats.isDirectory()) {
      const directory = dirname(realPath);
      if (stats.isFile()) return { kind: 'file', realPath, link, directory, detail: null };
      return { kind: 'special', realPath, link, directory, detail: wordFor(stats) };
    }
    const refused = await refusalOf(realPath);
    const kind = refused === null ? 'directory' : 'unreadable';
    return { kind, realPath, link, directory: realPath, detail: refused };
  } catch (error) {
    const detail = errorCode(error) ?? String(error);
    const directory = await nearestDirectory(path);
    return { kind: kindOf(detail), realPath: null, link, directory, detail };
  }
}

function kindOf(code: string): Subject['kind'] {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'missing';
    case 'ELOOP':
      return 'loop';
    case 'EACCES':
    case 'EPERM':
      return 'unreadable';
    default:
      return 'broken';
  }
}

async function linkOf(path: string): Promise<string | null> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : null;
  } catch {
    // What cannot be looked at is told by the stat that follows, whatever the code.
    return null;
  }
}

/** A directory must be listed and entered to be watched. */
async function refusalOf(directory: string): Promise<string | null> {
  try {
    await access(directory, constants.R_OK | constants.X_OK);
    return null;
  } catch (error) {
    return errorCode(error) ?? String(error);
  }
}

function wordFor(stats: BigIntStats): string {
  if (stats.isFIFO()) return 'FIFO';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() ? 'block device' : 'character device';
}
