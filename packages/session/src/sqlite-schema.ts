import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

import { StoreError } from './store-error.ts';

/** Marks a file as a session store (`WKSS`), so that another application's database is never touched. */
export const APPLICATION_ID = 0x574b5353;

/**
 * Each entry brings a database from the version of its index to the next. Entries are never edited
 * once released.
 *
 * `messages.reading` is the reading of the session in which a row was seen last; a row whose reading
 * is older than its session's is retained. So a rewrite marks a whole session without touching a row.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE sessions (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    provider TEXT NOT NULL,
    parent_id TEXT,
    cwd TEXT,
    title TEXT,
    title_rank INTEGER NOT NULL,
    started_ms INTEGER,
    updated_ms INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    message_count INTEGER NOT NULL,
    reading INTEGER NOT NULL,
    source_key TEXT,
    deleted INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX sessions_by_activity ON sessions (updated_ms DESC, id DESC);
  CREATE INDEX sessions_by_parent ON sessions (parent_id) WHERE parent_id IS NOT NULL;

  CREATE TABLE sources (
    source_key TEXT PRIMARY KEY,
    session_pk INTEGER NOT NULL REFERENCES sessions (pk),
    cursor TEXT NOT NULL,
    generation INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE messages (
    session_pk INTEGER NOT NULL REFERENCES sessions (pk),
    seq INTEGER NOT NULL,
    key TEXT NOT NULL,
    rev INTEGER NOT NULL,
    reading INTEGER NOT NULL,
    position TEXT NOT NULL,
    content TEXT
  ) STRICT;
  CREATE UNIQUE INDEX messages_by_key ON messages (session_pk, key);
  CREATE UNIQUE INDEX messages_by_seq ON messages (session_pk, seq);
  CREATE INDEX messages_by_change ON messages (session_pk, rev, seq);
  `,
];

/** The version this code writes. */
export const SCHEMA_VERSION: number = MIGRATIONS.length;

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
}

/**
 * Refuses a database that this code must not touch, and tells its schema version.
 *
 * @throws StoreError `ERR_STORE_FOREIGN` for another application's database, `ERR_STORE_NEWER` for
 * one of a later version.
 */
export function checkSchema(db: DatabaseSync, path: string): number {
  const version = pragma(db, 'user_version');
  const application = pragma(db, 'application_id');
  const tables = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'] ?? 0);
  if (application !== APPLICATION_ID && (tables > 0 || application !== 0)) {
    throw new StoreError(`the database ${path} belongs to another application`, {
      code: 'ERR_STORE_FOREIGN',
      path,
      remedy: 'choose another path for the session store',
    });
  }
  if (version > SCHEMA_VERSION) {
    throw new StoreError(
      `the database ${path} has schema ${version}, newer than ${SCHEMA_VERSION}`,
      {
        code: 'ERR_STORE_NEWER',
        path,
        remedy: 'update this program, or choose another path for the session store',
      },
    );
  }
  return version;
}

/** Brings a database to {@link SCHEMA_VERSION} in one transaction; makes the epoch of a new one. */
export function migrate(db: DatabaseSync, path: string): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = checkSchema(db, path);
    for (const step of MIGRATIONS.slice(version)) db.exec(step);
    if (version === 0) {
      db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)').run(
        'epoch',
        randomBytes(12).toString('hex'),
      );
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    }
    if (version !== SCHEMA_VERSION) db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
