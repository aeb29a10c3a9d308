import { existsSync } from 'node:fs';

import type { PathWatcher } from '@watchkeeper/core';
import {
  createSessionMonitor,
  createSessionSync,
  createSqliteStore,
  isStoreError,
  type SessionMonitor,
  type SessionStore,
  type SessionSync,
  type SyncProblem,
} from '@watchkeeper/session';

import type { CommandIo } from './io.ts';
import { printableLine } from './output/printable.ts';
import { withProgress } from './output/progress.ts';
import type { Settings } from './settings.ts';
import { openWatcher } from './watcher.ts';

/** The sessions of this machine: their database, what fills it and what watches it. */
export interface OpenSessions extends AsyncDisposable {
  readonly store: SessionStore;
  readonly monitor: SessionMonitor;
  /** `null` when the database may not be written: then another process has to fill it. */
  readonly sync: SessionSync | null;
  /**
   * Reads every transcript below the roots; resolves when all of it is in the database, or the command is
   * asked to stop. Rejects with the `StoreError` when the database does not take it and the command is one-shot.
   */
  fill(): Promise<void>;
}

/** Options of {@link openSessions}. */
export interface OpenSessionsOptions {
  readonly settings: Settings;
  readonly io: CommandIo;
  /** Only read the database. */
  readonly readOnly?: boolean;
  /** The command ends by itself: a database that cannot be written makes it fail instead of wait. @defaultValue `false` */
  readonly oneShot?: boolean;
}

/** How long a command that ends by itself waits for a database that cannot be written, in milliseconds: a short shortage passes, nobody waits for a full disk. */
const ONE_SHOT_PATIENCE_MS = 2000;

/** Opens the database and all that works on it. Dispose of it in any case. */
export async function openSessions(options: OpenSessionsOptions): Promise<OpenSessions> {
  const { settings, io, readOnly = false } = options;
  const store = await openStore(settings.database, readOnly, io);
  let watcher: PathWatcher | null = null;
  try {
    watcher = store.writable ? await openWatcher(settings) : null;
    return new Sessions(store, watcher, options);
  } catch (error) {
    await watcher?.close();
    await store.close();
    throw error;
  }
}

/** Opens for writing; a database that exists and may only be read is opened for that. */
async function openStore(path: string, readOnly: boolean, io: CommandIo): Promise<SessionStore> {
  if (readOnly && existsSync(path)) return createSqliteStore({ path, readOnly: true });
  try {
    return createSqliteStore({ path });
  } catch (error) {
    const isRefused = isStoreError(error) && error.code === 'ERR_STORE_UNWRITABLE';
    if (!isRefused || !existsSync(path)) throw error;
    const store = createSqliteStore({ path, readOnly: true });
    await io.stderr.write(
      `watchkeeper: ${printableLine(path)} may only be read; showing what another process writes\n`,
    );
    return store;
  }
}

class Sessions implements OpenSessions {
  readonly store: SessionStore;
  readonly monitor: SessionMonitor;
  readonly sync: SessionSync | null;
  readonly #watcher: PathWatcher | null;
  readonly #io: CommandIo;
  readonly #told = new Set<string>();
  readonly #oneShot: boolean;
  #closing = false;

  constructor(store: SessionStore, watcher: PathWatcher | null, options: OpenSessionsOptions) {
    const { settings, io, oneShot = false } = options;
    const { clock } = io;
    this.#oneShot = oneShot;
    this.#io = io;
    this.#watcher = watcher;
    this.store = store;
    this.sync =
      watcher === null
        ? null
        : createSessionSync({
            store,
            roots: settings.roots,
            watcher,
            clock,
            ...(oneShot ? { giveUpAfterMs: ONE_SHOT_PATIENCE_MS } : {}),
            onProblem: (problem) => this.#onProblem(problem),
          });
    this.monitor = createSessionMonitor(
      store,
      this.sync === null ? { clock } : { clock, sync: this.sync },
    );
  }

  async fill(): Promise<void> {
    const { sync } = this;
    const { stderr, clock, signal } = this.#io;
    if (sync === null || signal.aborted) return;
    const describe = (): string => {
      const { files, messages } = sync.stats();
      return `reading transcripts: ${files} files, ${messages.toLocaleString('en')} messages`;
    };
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await withProgress(Promise.race([sync.start(), stopped]), { stderr, clock, describe });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    await this.monitor.close();
    await this.sync?.close();
    await this.#watcher?.close();
    await this.store.close();
  }

  /** Tells each trouble of each place once. A root that is not there yet is no trouble, nor is a watch that ends with the command. */
  #onProblem(problem: SyncProblem): void {
    const isWrite = problem.code === 'WRITE_FAILED';
    // The database is one place, whichever transcript it does not take; a one-shot command fails with it.
    const place = `${problem.code} ${isWrite ? problem.message : problem.path}`;
    if (this.#closing || this.#io.signal.aborted || (isWrite && this.#oneShot)) return;
    if (problem.code === 'ROOT_MISSING' || this.#told.has(place)) return;
    this.#told.add(place);
    void this.#io.stderr.write(`watchkeeper: ${printableLine(problem.message)}\n`);
  }
}
