import type { BigIntStats } from 'node:fs';
import { dirname } from 'node:path';

import { isMissing, isOutOfDescriptors, type FileIo } from './file-io.ts';
import { identityOf, needsBirthtimeProof, type FileIdentity } from './identity.ts';
import { findMovedFile } from './moved-file.ts';

/** A descriptor together with what it stands for: a stat of the descriptor, not of the path. */
export interface OpenedFile {
  readonly fd: number;
  readonly stat: BigIntStats;
  readonly identity: FileIdentity;
}

/**
 * Opens the file at `path`, or returns `null` when there is none. When descriptors have run out, `makeRoom` may
 * close one for a second try.
 *
 * @throws A system error; for something that is not a file one with the code `ERR_NOT_A_FILE`.
 */
export function openFile(
  io: FileIo,
  path: string,
  makeRoom: () => boolean = () => false,
): OpenedFile | null {
  let fd: number;
  try {
    fd = openOrMakeRoom(io, path, makeRoom);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    const stat = io.fstat(fd);
    if (!stat.isFile()) throw notAFile(path);
    if (needsBirthtimeProof(stat)) proveBirthtime(io, path);
    return { fd, stat, identity: identityOf(stat) };
  } catch (error) {
    io.close(fd);
    throw error;
  }
}

/** Opens a file that was moved away from `path` within its directory, or returns `null` when it cannot be found there. */
export function openMoved(io: FileIo, path: string, identity: FileIdentity): OpenedFile | null {
  const moved = findMovedFile(io, path, identity);
  return moved === null ? null : openFile(io, moved);
}

function openOrMakeRoom(io: FileIo, path: string, makeRoom: () => boolean): number {
  try {
    return io.open(path);
  } catch (error) {
    if (isOutOfDescriptors(error) && makeRoom()) return io.open(path);
    throw error;
  }
}

/** A new file may have the same times of birth and change; its directory, which it was added to, has not. */
function proveBirthtime(io: FileIo, path: string): void {
  const directory = io.stat(dirname(path));
  if (directory !== undefined) identityOf(directory);
}

function notAFile(path: string): Error {
  return Object.assign(new Error(`${path} is not a regular file`), { code: 'ERR_NOT_A_FILE' });
}
