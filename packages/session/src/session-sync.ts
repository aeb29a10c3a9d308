import type { SourceStat } from './source-stat.ts';
import type { SourceState } from './store.ts';
import type { SessionSyncOptions } from './sync-options.ts';
import { TranscriptSync } from './transcript-sync.ts';

/** What a sync did since its start, and what it holds now. */
export interface SyncStats {
  /** Transcripts known now. */
  readonly files: number;
  /** Of these, followed line by line. */
  readonly live: number;
  /** Messages given to the store, repeated ones included. */
  readonly messages: number;
  /** Transactions. */
  readonly batches: number;
  /** Batches that another writer was faster with. */
  readonly conflicts: number;
  /** Writes that failed and were tried again. */
  readonly retries: number;
  /** Problems reported. */
  readonly problems: number;
}

/** Keeps a store in step with the transcripts below some directories. */
export interface SessionSync {
  /**
   * Starts watching and reads what is there. Resolves when all of it is in the store that could be read
   * and stored; later calls give the same promise.
   *
   * @throws StoreError when the store cannot be read; with the option `giveUpAfterMs`, also when it cannot be written.
   */
  start(): Promise<void>;
  /**
   * Brings one session up to date now, whatever any watch says: the session's own transcript, else
   * one of that name below the roots.
   *
   * @throws StoreError `ERR_SESSION_NOT_FOUND` when there is neither; Error when the transcript cannot be read.
   */
  syncSession(sessionId: string, signal?: AbortSignal): Promise<void>;
  /** How a session's transcript looks now, or `null` when there is none. */
  statSource(sessionId: string, recorded: SourceState | null): Promise<SourceStat | null>;
  /** What it did and holds. */
  stats(): SyncStats;
  /** Writes what is there, then ends. The store and a given watcher stay open. Idempotent. */
  close(): Promise<void>;
}

/**
 * Makes a sync of the transcripts below some directories into a store. Messages and byte cursor move in
 * one transaction, so that it may be killed at any moment and goes on without a gap or a double.
 * Several syncs, also of several processes, may write to one store.
 *
 * A session's id is the stem of its transcript's file name. A second living transcript of the same
 * name gets the id `stem~hash`, with a hash of its path.
 *
 * @throws TypeError naming the option that is wrong.
 *
 * @example
 * ```ts
 * import { homedir } from 'node:os';
 * import { join } from 'node:path';
 * import { createSessionSync, createSqliteStore } from '@watchkeeper/session';
 *
 * const store = createSqliteStore({ path: './sessions.db' });
 * const sync = createSessionSync({ store, roots: [join(homedir(), '.claude', 'projects')] });
 * await sync.start();
 * console.log((await store.list()).items.map((session) => session.title));
 * await sync.close();
 * await store.close();
 * ```
 */
export function createSessionSync(options: SessionSyncOptions): SessionSync {
  return new TranscriptSync(options);
}
