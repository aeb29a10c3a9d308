import { nodeFileIo, type FileIo } from '../../src/file-io.ts';

/** A system error as Node throws it. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: made by a test`), { code });
}

/** Calls of {@link FileIo} that were made, by name. */
export type CallCounts = Record<keyof FileIo, number>;

/** The real file system, with some calls replaced, and a count of all of them. */
export function faultyIo(faults: Partial<FileIo>): {
  readonly io: FileIo;
  readonly calls: CallCounts;
} {
  const calls: CallCounts = { open: 0, fstat: 0, stat: 0, read: 0, close: 0, list: 0, isRemote: 0 };
  const pick = { ...nodeFileIo, ...faults };
  const io: FileIo = {
    open(path) {
      calls.open += 1;
      return pick.open(path);
    },
    fstat(fd) {
      calls.fstat += 1;
      return pick.fstat(fd);
    },
    stat(path) {
      calls.stat += 1;
      return pick.stat(path);
    },
    read(fd, buffer, offset, length, position) {
      calls.read += 1;
      return pick.read(fd, buffer, offset, length, position);
    },
    close(fd) {
      calls.close += 1;
      pick.close(fd);
    },
    list(directory) {
      calls.list += 1;
      return pick.list(directory);
    },
    isRemote(path) {
      calls.isRemote += 1;
      return pick.isRemote(path);
    },
  };
  return { io, calls };
}

/** Throws each of `errors` once, in order, then lets the call through. */
export function failTimes<A extends unknown[], R>(
  errors: readonly string[],
  call: (...args: A) => R,
): (...args: A) => R {
  const left = [...errors];
  return (...args) => {
    const code = left.shift();
    if (code !== undefined) throw systemError(code);
    return call(...args);
  };
}
