import { resolve } from 'node:path';

import { systemClock, type Clock } from '@watchkeeper/core';

import {
  BUSY_TIMEOUT_MS,
  openReader,
  openWriter,
  type SqliteConnection,
} from './sqlite-connection.ts';
import { isBusy, toStoreError } from './sqlite-error.ts';
import {
  findSession,
  findSource,
  listSessions,
  readChanges,
  readWindow,
  resolveId,
  sessionVersions,
} from './sqlite-reads.ts';
import { sessionRow } from './sqlite-rows.ts';
import {
  applyBatch,
  burySession,
  detachSource,
  prepareItems,
  purgeRows,
  transact,
} from './sqlite-writes.ts';
import type { SessionStore, StoreHint } from './store.ts';
import { StoreError } from './store-error.ts';

/** Pause between two attempts to get the write lock, in milliseconds: a slice of another writer takes a few. */
const BUSY_RETRY_MS = 10;

/** Rows removed in one transaction when a session is deleted: holds the event loop for a few milliseconds. */
const PURGE_ROWS = 200;

/** Options of {@link createSqliteStore}. */
export interface SqliteStoreOptions {
  /**
   * Path of the database file, made with its directory when it is not there (permissions 0600 and
   * 0700). `:memory:` lives as long as the store, for tests.
   */
  readonly path: string;
  /** Opens an existing database without the right to write. @defaultValue `false` */
  readonly readOnly?: boolean;
  /** The clock that times waiting for another process's lock. @defaultValue the system clock */
  readonly clock?: Clock;
}

function checkOptions(options: SqliteStoreOptions): void {
  if (typeof options.path !== 'string' || options.path === '') {
    throw new TypeError(
      `path: wanted a file path or ':memory:', got ${JSON.stringify(options.path)}`,
    );
  }
  if (options.path === ':memory:' && options.readOnly === true) {
    throw new TypeError(
      "readOnly: wanted false for the path ':memory:', which starts empty, got true",
    );
  }
}

class SqliteStore implements SessionStore {
  readonly kind = 'sqlite';
  readonly writable: boolean;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #epoch: string;
  readonly #writer: SqliteConnection | null;
  readonly #reader: SqliteConnection;
  readonly #listeners = new Set<(hint: StoreHint) => void>();
  #commits = 0;
  #closed = false;

  constructor(options: SqliteStoreOptions) {
    const inMemory = options.path === ':memory:';
    this.#path = inMemory ? options.path : resolve(options.path);
    this.#clock = options.clock ?? systemClock;
    this.writable = options.readOnly !== true;
    this.#writer = this.writable ? openWriter(this.#path) : null;
    try {
      // A database in memory belongs to one connection; its gate counts commits instead.
      this.#reader = inMemory && this.#writer !== null ? this.#writer : openReader(this.#path);
      this.#epoch = this.#readEpoch();
    } catch (error) {
      this.#writer?.close();
      throw toStoreError(error, this.#path);
    }
  }

  #readEpoch(): string {
    const row = this.#reader.prepare("SELECT value FROM meta WHERE name = 'epoch'").get();
    if (row === undefined) {
      throw new StoreError(`the database ${this.#path} has no epoch`, {
        code: 'ERR_STORE_CORRUPT',
        path: this.#path,
        remedy:
          'move the file away: a new database is filled from the transcripts that still exist',
      });
    }
    return String(row['value']);
  }

  // Reading is synchronous inside: a version asked for is the version at the moment of the call.
  #read<T>(query: (reader: SqliteConnection) => T): T {
    if (this.#closed) throw this.#closedError();
    try {
      return query(this.#reader);
    } catch (error) {
      throw toStoreError(error, this.#path);
    }
  }

  async #write<T>(work: (writer: SqliteConnection) => T): Promise<T> {
    const started = this.#clock.now();
    for (;;) {
      if (this.#closed) throw this.#closedError();
      const writer = this.#writer;
      if (writer === null) {
        throw new StoreError(`the database ${this.#path} was opened for reading only`, {
          code: 'ERR_STORE_READ_ONLY',
          path: this.#path,
          remedy: 'open it without readOnly',
        });
      }
      try {
        const result = transact(writer, () => work(writer));
        this.#commits += 1;
        return result;
      } catch (error) {
        if (!isBusy(error) || this.#clock.now() - started >= BUSY_TIMEOUT_MS) {
          throw toStoreError(error, this.#path);
        }
        await new Promise<void>((proceed) => this.#clock.setTimeout(proceed, BUSY_RETRY_MS));
      }
    }
  }

  #closedError(): StoreError {
    return new StoreError(`the store of ${this.#path} is closed`, {
      code: 'ERR_STORE_CLOSED',
      path: this.#path,
      remedy: 'use it before close(), or open another one',
    });
  }

  #hint(hint: StoreHint): void {
    for (const listener of this.#listeners) {
      try {
        listener(hint);
      } catch (error) {
        // The commit stands, so a listener's failure must not look like one of the write.
        process.emitWarning(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  async resolve(idOrPrefix: string): ReturnType<SessionStore['resolve']> {
    return this.#read((reader) => resolveId(reader, idOrPrefix));
  }

  async get(id: string): ReturnType<SessionStore['get']> {
    return this.#read((reader) => {
      const record = findSession(reader, id);
      return record === undefined ? null : sessionRow(record, this.#epoch);
    });
  }

  async list(
    ...[filter, page]: Parameters<SessionStore['list']>
  ): ReturnType<SessionStore['list']> {
    return this.#read((reader) => listSessions(reader, this.#epoch, filter ?? {}, page ?? {}));
  }

  async versions(ids: readonly string[]): ReturnType<SessionStore['versions']> {
    return this.#read((reader) => sessionVersions(reader, this.#epoch, ids));
  }

  async changes(
    ...[id, after, limit]: Parameters<SessionStore['changes']>
  ): ReturnType<SessionStore['changes']> {
    return this.#read((reader) => readChanges(reader, this.#epoch, id, after, limit ?? {}));
  }

  async window(
    ...[id, query]: Parameters<SessionStore['window']>
  ): ReturnType<SessionStore['window']> {
    return this.#read((reader) => readWindow(reader, id, query ?? {}));
  }

  async sourceCursor(sourceKey: string): ReturnType<SessionStore['sourceCursor']> {
    return this.#read((reader) => findSource(reader, sourceKey)?.cursor ?? null);
  }

  async source(sourceKey: string): ReturnType<SessionStore['source']> {
    return this.#read((reader) => findSource(reader, sourceKey));
  }

  async apply(...[batch]: Parameters<SessionStore['apply']>): ReturnType<SessionStore['apply']> {
    const items = prepareItems(batch);
    const result = await this.#write((writer) => applyBatch(writer, batch, items));
    if (result.status === 'applied' && result.changed) {
      this.#hint({ sessionId: batch.sessionId, rev: result.rev });
    }
    return result;
  }

  async detach(sourceKey: string): Promise<boolean> {
    return this.#write((writer) => detachSource(writer, sourceKey));
  }

  async delete(id: string): Promise<boolean> {
    const rev = await this.#write((writer) => burySession(writer, id));
    if (rev === null) return false;
    this.#hint({ sessionId: id, rev });
    while (await this.#write((writer) => purgeRows(writer, id, PURGE_ROWS))) {
      await new Promise<void>((proceed) => setImmediate(proceed));
    }
    return true;
  }

  async gate(): Promise<string> {
    return this.#read((reader) =>
      reader === this.#writer
        ? `m${this.#commits}`
        : // Moves for every commit but the connection's own, and this one never commits.
          String(reader.prepare('PRAGMA data_version').get()?.['data_version']),
    );
  }

  onHint(listener: (hint: StoreHint) => void): () => void {
    // A wrapper per call, so that one function may listen twice.
    const own = (hint: StoreHint): void => listener(hint);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#listeners.clear();
    this.#reader.close();
    this.#writer?.close();
  }
}

/**
 * Opens a store of sessions in one SQLite file, made on first use. Several processes may open the
 * same file, one or more of them writing: a lost race gives `conflict`, never a doubled row. Two
 * connections are open per store. A write that finds the file locked waits up to
 * {@link BUSY_TIMEOUT_MS} without holding the event loop.
 *
 * @throws StoreError `ERR_STORE_UNWRITABLE` when file or directory cannot be made or written,
 * `ERR_STORE_CORRUPT` when the file is damaged, `ERR_STORE_FOREIGN` when it is another
 * application's, `ERR_STORE_NEWER` when a later version of this package wrote it,
 * `ERR_STORE_NOT_FOUND` when it is opened for reading and holds no store yet, `ERR_STORE_BUSY`
 * when another process kept it locked.
 *
 * @example
 * ```ts
 * import { createSqliteStore } from '@watchkeeper/session';
 *
 * const store = createSqliteStore({ path: './sessions.db' });
 * for (const session of (await store.list()).items) console.log(session.id, session.title);
 * await store.close();
 * ```
 */
export function createSqliteStore(options: SqliteStoreOptions): SessionStore {
  checkOptions(options);
  return new SqliteStore(options);
}
