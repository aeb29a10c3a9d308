import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { FREE_SPACE_TO_OPEN, isBusy, toStoreError } from './sqlite-error.ts';
import { checkSchema, migrate } from './sqlite-schema.ts';
import { makePrivateDirectory } from './private-directory.ts';
import { StoreError } from './store-error.ts';

/** How long a write waits for another process, in milliseconds: longer than any write of this package takes. */
export const BUSY_TIMEOUT_MS = 5000;

/** Pause between two attempts to open a database that another process is just making, in milliseconds. */
const OPEN_RETRY_MS = 20;

/**
 * Pages in the write-ahead log before a commit moves them into the database. A quarter of SQLite's own
 * setting: a commit that moves 1,000 pages held the event loop for 37 ms, one that moves 256 for 10.
 */
const CHECKPOINT_PAGES = 256;

/** One connection with its prepared statements. */
export class SqliteConnection {
  readonly db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.db = db;
  }

  /** The prepared statement of a text; prepared once. */
  prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.db.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }

  close(): void {
    this.#statements.clear();
    if (this.db.isOpen) this.db.close();
  }
}

/** Runs `open` again while another process makes the same database; SQLite's own wait does not cover the switch to WAL. */
function retryWhileBusy<T>(open: () => T): T {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; ; waited += OPEN_RETRY_MS) {
    try {
      return open();
    } catch (error) {
      if (!isBusy(error) || waited >= BUSY_TIMEOUT_MS) throw error;
      Atomics.wait(pause, 0, 0, OPEN_RETRY_MS);
    }
  }
}

/** No space on the disk, or none left for this user. */
function isOutOfSpace(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOSPC' || error.code === 'EDQUOT')
  );
}

/** Makes the file with owner-only permissions before SQLite does; transcripts hold what people typed. */
function createPrivately(path: string): void {
  try {
    makePrivateDirectory(dirname(path));
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    if (isOutOfSpace(error)) {
      throw new StoreError(`the database ${path} has no space left`, {
        code: 'ERR_STORE_FULL',
        path,
        remedy: FREE_SPACE_TO_OPEN,
        retryable: true,
        cause: error,
      });
    }
    throw new StoreError(`the database ${path} cannot be written`, {
      code: 'ERR_STORE_UNWRITABLE',
      path,
      remedy: 'give this user write access to the file and its directory, or choose another path',
      cause: error,
    });
  }
}

/** Opens a connection that writes; makes and migrates the database. */
export function openWriter(path: string): SqliteConnection {
  if (path !== ':memory:') createPrivately(path);
  let db: DatabaseSync | undefined;
  try {
    const made = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    db = made;
    checkSchema(made, path);
    retryWhileBusy(() => made.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL'));
    retryWhileBusy(() => migrate(made, path));
    // Rows of deleted sessions whose removal a crash cut short.
    made.exec(
      'DELETE FROM messages WHERE session_pk IN (SELECT pk FROM sessions WHERE deleted = 1)',
    );
    // From here on waiting is done between attempts, so that the event loop is never held.
    made.exec(`PRAGMA busy_timeout = 0; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    return new SqliteConnection(made);
  } catch (error) {
    if (db?.isOpen === true) db.close();
    throw toStoreError(error, path, 'open');
  }
}

function notFound(path: string): StoreError {
  return new StoreError(`there is no session store at ${path}`, {
    code: 'ERR_STORE_NOT_FOUND',
    path,
    remedy: 'check the path, or open it once for writing: start a sync',
  });
}

/** Opens a connection that only reads; the database must exist and have this version's schema. */
export function openReader(path: string): SqliteConnection {
  if (!existsSync(path)) throw notFound(path);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    if (checkSchema(db, path) === 0) throw notFound(path);
    return new SqliteConnection(db);
  } catch (error) {
    if (db?.isOpen === true) db.close();
    throw toStoreError(error, path, 'open');
  }
}
