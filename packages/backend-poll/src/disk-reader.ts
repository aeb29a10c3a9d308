import {
  lstat,
  lstatSync,
  opendirSync,
  readdir,
  readdirSync,
  type BigIntStats,
  type Dir,
  type Dirent,
} from 'node:fs';
import { isAbsence } from '@watchkeeper/core/backend-kit';

/** What a look at one name found: a reading, nothing of that name, or a failure that says neither. */
export type Look =
  | { readonly kind: 'found'; readonly stats: BigIntStats }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** What listing a directory found. */
export type Listing =
  | { readonly kind: 'listed'; readonly entries: readonly Dirent[] }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** A directory that is listed a part at a time. To be closed by who opened it. */
export interface Pages {
  /** The next entries, none at the end. */
  next(): Listing;
  close(): void;
}

/** What opening a directory found. */
export type Opening =
  | { readonly kind: 'opened'; readonly pages: Pages }
  | Exclude<Listing, { readonly kind: 'listed' }>;

/** Entries in one part of a listing: a tenth of a slice. */
export const PAGE_ENTRIES = 128;

/** The reads a sweep is made of, in both manners. The synchronous ones cost a fifth of the CPU. */
export interface DiskReader {
  lookSync(path: string): Look;
  listSync(path: string): Listing;
  /** Opens a directory so large that listing it in one piece would hold the event loop. */
  openSync(path: string): Opening;
  look(path: string): Promise<Look>;
  list(path: string): Promise<Listing>;
}

/** One object for all looks: making it anew takes a twentieth of a look. */
const LOOK = { bigint: true, throwIfNoEntry: false } as const;

const absent = { kind: 'absent' } as const;

function failed(error: unknown): { kind: 'absent' } | { kind: 'failed'; error: unknown } {
  return isAbsence(error) ? absent : { kind: 'failed', error };
}

class DirPages implements Pages {
  readonly #dir: Dir;

  constructor(dir: Dir) {
    this.#dir = dir;
  }

  next(): Listing {
    const entries: Dirent[] = [];
    try {
      while (entries.length < PAGE_ENTRIES) {
        const entry = this.#dir.readSync();
        if (entry === null) break;
        entries.push(entry);
      }
      return { kind: 'listed', entries };
    } catch (error) {
      // Every failure is an outcome, as of a listing in one piece.
      return failed(error);
    }
  }

  close(): void {
    this.#dir.closeSync();
  }
}

/** The real file system. */
export const diskReader: DiskReader = {
  lookSync(path) {
    try {
      const stats = lstatSync(path, LOOK);
      return stats === undefined ? absent : { kind: 'found', stats };
    } catch (error) {
      // Every failure is an outcome: absence and trouble are told apart by their code.
      return failed(error);
    }
  },
  listSync(path) {
    try {
      return { kind: 'listed', entries: readdirSync(path, { withFileTypes: true }) };
    } catch (error) {
      // As above.
      return failed(error);
    }
  },
  openSync(path) {
    try {
      const pages = new DirPages(opendirSync(path, { bufferSize: PAGE_ENTRIES }));
      return { kind: 'opened', pages };
    } catch (error) {
      // As above.
      return failed(error);
    }
  },
  look(path) {
    return new Promise((resolve) => {
      lstat(path, { bigint: true }, (error, stats) =>
        resolve(error === null ? { kind: 'found', stats } : failed(error)),
      );
    });
  },
  list(path) {
    return new Promise((resolve) => {
      readdir(path, { withFileTypes: true }, (error, entries) =>
        resolve(error === null ? { kind: 'listed', entries } : failed(error)),
      );
    });
  },
};
