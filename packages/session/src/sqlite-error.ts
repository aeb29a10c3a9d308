import { StoreError, type StoreErrorCode } from './store-error.ts';

interface Meaning {
  readonly code: StoreErrorCode;
  readonly what: string;
  readonly remedy: string;
  /** What helps while the database is being opened, where that differs. */
  readonly remedyToOpen?: string;
  readonly retryable?: boolean;
}

/** What helps when a database cannot be opened for want of space. */
export const FREE_SPACE_TO_OPEN = 'free space on its disk, then start again';

/** SQLite's primary result codes (sqlite.org/rescode.html) that an operator can act on. */
const MEANINGS: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [5, busy('is locked by another process')],
  [6, busy('is locked')],
  [8, unwritable('may not be written')],
  [3, unwritable('may not be opened')],
  [14, unwritable('cannot be opened')],
  [11, corrupt('is damaged')],
  [26, corrupt('is no SQLite database')],
  [
    13,
    {
      code: 'ERR_STORE_FULL',
      what: 'has no space left',
      remedy: 'free space on its disk: nothing is lost, the rest is stored once there is room',
      remedyToOpen: FREE_SPACE_TO_OPEN,
      retryable: true,
    },
  ],
]);

function busy(what: string): Meaning {
  return {
    code: 'ERR_STORE_BUSY',
    what,
    remedy: 'wait for the other writer, or end a process that holds a transaction open',
    retryable: true,
  };
}

function unwritable(what: string): Meaning {
  return {
    code: 'ERR_STORE_UNWRITABLE',
    what,
    remedy: 'give this user write access to the file and its directory, or choose another path',
  };
}

function corrupt(what: string): Meaning {
  return {
    code: 'ERR_STORE_CORRUPT',
    what,
    remedy: 'move the file away: a new database is filled from the transcripts that still exist',
  };
}

/** The primary result code of an error of `node:sqlite`, or `null` for any other error. */
export function sqliteResultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_SQLITE_ERROR') {
    return null;
  }
  // Extended codes keep the primary one in their low byte.
  return 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}

/** Another connection holds the lock: trying again may work. */
export function isBusy(error: unknown): boolean {
  const code = sqliteResultCode(error);
  return code === 5 || code === 6;
}

/** Gives an error of `node:sqlite` its meaning; any other error is returned as it is. */
export function toStoreError(
  error: unknown,
  path: string,
  during: 'open' | 'use' = 'use',
): unknown {
  const result = sqliteResultCode(error);
  if (result === null) return error;
  const meaning = MEANINGS.get(result) ?? {
    code: 'ERR_STORE_IO' as const,
    what: 'failed',
    remedy: 'see the cause, and check the disk',
    // An I/O error or a lack of memory may pass; a misuse or a broken constraint does not.
    retryable: result === 10 || result === 7,
  };
  return new StoreError(`the database ${path} ${meaning.what}`, {
    code: meaning.code,
    path,
    remedy: during === 'open' ? (meaning.remedyToOpen ?? meaning.remedy) : meaning.remedy,
    retryable: meaning.retryable ?? false,
    cause: error,
  });
}
