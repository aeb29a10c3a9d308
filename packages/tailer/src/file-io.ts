import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
  type BigIntStats,
} from 'node:fs';

import { answersAtOnce } from '@watchkeeper/core';

/** The file system calls of a tail; synchronous, so that a wake is a read and a callback in one turn. */
export interface FileIo {
  /** Opens for reading; never waits for the other end of a FIFO. */
  open(path: string): number;
  /** Stats what a descriptor stands for. */
  fstat(fd: number): BigIntStats;
  /** Stats what a path leads to, or `undefined` when nothing is there. */
  stat(path: string): BigIntStats | undefined;
  /** Reads up to `length` bytes at `position` into `buffer` from `offset` on; 0 at the end of the file. */
  read(fd: number, buffer: Buffer, offset: number, length: number, position: number): number;
  /** Closes a descriptor. */
  close(fd: number): void;
  /** Names in a directory. */
  list(directory: string): string[];
  /** Whether another machine may write there, so that sizes may be reported late. */
  isRemote(path: string): boolean;
}

// O_NONBLOCK is undefined on Windows, which has no FIFOs in its file system.
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** The file system of this process. */
export const nodeFileIo: FileIo = {
  open: (path) => openSync(path, OPEN_FLAGS),
  fstat: (fd) => fstatSync(fd, { bigint: true }),
  stat(path) {
    try {
      return statSync(path, { bigint: true, throwIfNoEntry: false });
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  read: (fd, buffer, offset, length, position) => readSync(fd, buffer, offset, length, position),
  close: (fd) => closeSync(fd),
  list: (directory) => readdirSync(directory),
  isRemote(path) {
    try {
      // A file system counts as answering at once only if it is known that nobody else serves it.
      return !answersAtOnce(realpathSync.native(path));
    } catch (error) {
      // What is gone by now cannot report a late size any more.
      if (isMissing(error)) return false;
      throw error;
    }
  },
};

/** The `code` of a system error, or `undefined` for anything else. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** Whether an error says that there is no such file for now. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Whether an error says that this process or machine has no descriptor left. */
export function isOutOfDescriptors(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EMFILE' || code === 'ENFILE';
}
