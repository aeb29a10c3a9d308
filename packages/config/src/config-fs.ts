import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';

/** What tells two states of a file apart. */
export interface Fingerprint {
  /** Device id. */
  readonly dev: bigint;
  /** Inode number or file id. */
  readonly ino: bigint;
  /** Size in bytes. */
  readonly size: bigint;
  /** Time of the last content change, in nanoseconds since the epoch. */
  readonly mtimeNs: bigint;
  /** Time of the last content or metadata change, in nanoseconds since the epoch. */
  readonly ctimeNs: bigint;
  /** Whether a regular file lies there, all symlinks followed. */
  readonly isFile: boolean;
  /** Where the path leads, all symlinks resolved. */
  readonly realPath: string;
}

/** The door to the file system. Implement it to read from somewhere else, or to inject faults. */
export interface ConfigFs {
  /** Looks at a path, following symlinks; `undefined` when nothing lies there. Rejects with a `NodeJS.ErrnoException` otherwise. */
  stat(path: string): Promise<Fingerprint | undefined>;
  /** Reads a whole file; may stop once more than `limit` bytes were read. Rejects with a `NodeJS.ErrnoException`. */
  read(path: string, limit: number): Promise<Uint8Array>;
}

/** One read call: a whole usual configuration in one go. */
const CHUNK_BYTES = 65_536;

/** Whether an error says that nothing lies at a path. `ENOTDIR`: a parent is being replaced by a file. */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  );
}

/** The file system of this machine. */
export const nodeConfigFs: ConfigFs = {
  async stat(path) {
    try {
      const found = await stat(path, { bigint: true });
      const { dev, ino, size, mtimeNs, ctimeNs } = found;
      const isFile = found.isFile();
      return { dev, ino, size, mtimeNs, ctimeNs, isFile, realPath: await realpath(path) };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  async read(path, limit) {
    // Without O_NONBLOCK, opening a FIFO that took the file's place would hang for ever.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const chunks: Uint8Array[] = [];
      let total = 0;
      while (total <= limit) {
        const buffer = new Uint8Array(CHUNK_BYTES);
        const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, total);
        if (bytesRead === 0) break;
        chunks.push(buffer.subarray(0, bytesRead));
        total += bytesRead;
      }
      return Buffer.concat(chunks, total);
    } finally {
      await handle.close();
    }
  },
};

/** Whether two looks found the same state of the same file. */
export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return (
    a.dev === b.dev &&
    a.ino === b.ino &&
    a.size === b.size &&
    a.mtimeNs === b.mtimeNs &&
    a.ctimeNs === b.ctimeNs &&
    a.isFile === b.isFile &&
    a.realPath === b.realPath
  );
}
