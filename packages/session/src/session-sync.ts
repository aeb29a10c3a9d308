import { sharedWatcher } from '@watchkeeper/backends';
import {
  systemClock,
  type Change,
  type ChangeBatch,
  type Clock,
  type Timer,
  type Watch,
} from '@watchkeeper/core';
import { claudeCode } from '@watchkeeper/transcript';

import { SourceFile, type FileHost } from './source-file.ts';
import { statSourceFile, type SourceStat } from './source-stat.ts';
import type { SessionRow, SessionStore, SourceState } from './store.ts';
import { StoreError } from './store-error.ts';
import {
  checkSyncOptions,
  LIVE_IDLE_MS,
  PASS_CONCURRENCY,
  UNWATCHED_WALK_MS,
  type SessionSyncOptions,
  type SyncProblem,
} from './sync-options.ts';
import {
  TranscriptFinder,
  type FoundTranscript,
  type WalkedTranscript,
} from './transcript-finder.ts';

/** How often it is looked which live transcripts have become idle, in milliseconds. */
const SWEEP_MS = 60_000;

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
  /** Starts watching and reads what is there. Resolves when all of it is in the store; later calls give the same promise. */
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

class TranscriptSync implements SessionSync {
  readonly #store: SessionStore;
  readonly #clock: Clock;
  readonly #finder: TranscriptFinder;
  readonly #onProblem: ((problem: SyncProblem) => void) | undefined;
  readonly #host: FileHost;
  readonly #files = new Map<string, SourceFile>();
  readonly #watches: Watch[] = [];
  readonly #walks = new Map<string, Timer>();
  readonly #closing = new AbortController();
  readonly #counts = { messages: 0, batches: 0, conflicts: 0, retries: 0, problems: 0 };
  #sweep: Timer | null = null;
  #started: Promise<void> | null = null;
  #closed: Promise<void> | null = null;

  constructor(options: SessionSyncOptions) {
    checkSyncOptions(options);
    this.#store = options.store;
    this.#clock = options.clock ?? systemClock;
    this.#finder = new TranscriptFinder(options.roots, options.providers ?? [claudeCode]);
    this.#onProblem = options.onProblem;
    this.#host = {
      store: options.store,
      clock: this.#clock,
      watcher: options.watcher ?? sharedWatcher(),
      debounceMs: options.debounceMs ?? 100,
      maxWaitMs: options.maxWaitMs ?? 500,
      closing: this.#closing.signal,
      report: (problem) => this.#report(problem),
      counted: (what, by) => {
        this.#counts[what] += by;
      },
    };
  }

  start(): Promise<void> {
    this.#started ??= this.#begin();
    return this.#started;
  }

  async syncSession(sessionId: string, signal?: AbortSignal): Promise<void> {
    const stop =
      signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    stop.throwIfAborted();
    const known = this.#fileOf(sessionId) ?? (await this.#recordedFile(sessionId));
    if (known !== null && (await known.sync(stop))) return;
    if (known !== null) await this.#vanished(known);
    const moved = await this.#search(sessionId);
    if (moved !== null) {
      await moved.sync(stop);
    } else if (known === null) {
      throw new StoreError(`there is no transcript of the session ${sessionId}`, {
        code: 'ERR_SESSION_NOT_FOUND',
        path: sessionId,
        remedy: 'check the id and the roots',
      });
    }
  }

  async statSource(sessionId: string, recorded: SourceState | null): Promise<SourceStat | null> {
    const path = this.#fileOf(sessionId)?.path ?? recorded?.path;
    return path === undefined ? null : statSourceFile(path);
  }

  stats(): SyncStats {
    let live = 0;
    for (const file of this.#files.values()) live += file.live ? 1 : 0;
    return { files: this.#files.size, live, ...this.#counts };
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #begin(): Promise<void> {
    // Watched first, walked second: what appears in between is seen twice, never missed.
    await Promise.all(this.#finder.roots.map((root) => this.#watch(root)));
    const passes = await Promise.all(this.#finder.roots.map((root) => this.#pass(root)));
    await this.#detachMissing(new Set(passes.flat()));
    if (!this.#closing.signal.aborted) this.#scheduleSweep();
  }

  async #end(): Promise<void> {
    this.#closing.abort();
    this.#sweep?.cancel();
    for (const timer of this.#walks.values()) timer.cancel();
    await Promise.all(this.#watches.map((watch) => watch.close()));
    // What is under way must be over before its files are closed.
    await this.#started?.catch(() => undefined);
    await Promise.all([...this.#files.values()].map((file) => file.close()));
  }

  async #watch(root: string): Promise<void> {
    if (!(await this.#finder.exists(root)) && !this.#closing.signal.aborted) {
      this.#report({
        code: 'ROOT_MISSING',
        path: root,
        sessionId: null,
        message: `${root} is not there yet`,
      });
    }
    if (this.#closing.signal.aborted) return;
    try {
      const watch = this.#openWatch(root);
      this.#watches.push(watch);
      await watch.ready;
    } catch (error) {
      this.#watchFailed(root, error);
      this.#walkLater(root);
    }
  }

  #openWatch(root: string): Watch {
    const watch = this.#host.watcher.watch(root, {
      recursive: true,
      ignore: (relative, type) => type === 'file' && this.#finder.classifyBelow(relative) === null,
    });
    watch.on('batch', (batch) => this.#onBatch(root, batch));
    watch.on('problem', (error) => this.#watchFailed(root, error));
    watch.on('state', (state) => {
      if (state === 'closed') this.#walkLater(root);
    });
    return watch;
  }

  #onBatch(root: string, batch: ChangeBatch): void {
    if (this.#closing.signal.aborted) return;
    for (const change of batch.changes) this.#onChange(root, change);
    if ((batch.repaired?.unsure.length ?? 0) > 0) void this.#pass(root);
  }

  #onChange(root: string, change: Change): void {
    if (change.from !== undefined) void this.#vanishedPath(change.from);
    if (change.kind === 'remove') {
      void this.#vanishedPath(change.path);
      return;
    }
    if (change.after?.type !== 'file') return;
    const found = this.#finder.classify(root, change.path);
    if (found !== null) this.#fileFor(found).touched();
  }

  /** Reads every transcript below a root that the store does not have as it is; returns their paths. */
  async #pass(root: string): Promise<string[]> {
    const walked = await this.#finder.walk(root, (path, error) => this.#readFailed(path, error));
    const next = walked.values();
    const work = async (): Promise<void> => {
      for (const transcript of next) {
        if (this.#closing.signal.aborted) return;
        try {
          await this.#fileFor(transcript).pass(transcript, this.#isLive(transcript));
        } catch {
          // The file has told its problem; the others are not to wait for it.
        }
      }
    };
    await Promise.all(Array.from({ length: PASS_CONCURRENCY }, work));
    return walked.map(({ path }) => path);
  }

  #isLive(transcript: WalkedTranscript): boolean {
    return this.#clock.wallNow() - transcript.mtimeMs < LIVE_IDLE_MS;
  }

  /** Sessions whose transcript went while nobody looked: they stay, without a source. */
  async #detachMissing(present: ReadonlySet<string>): Promise<void> {
    for await (const { version } of this.#sessions()) {
      const path = version.source?.path;
      if (path === undefined || present.has(path) || this.#finder.rootOf(path) === null) continue;
      if (this.#closing.signal.aborted) return;
      if ((await statSourceFile(path)) === null) await this.#store.detach(path);
    }
  }

  async *#sessions(): AsyncGenerator<SessionRow> {
    for (let after: string | null | undefined; after !== null;) {
      const page = await this.#store.list(
        {},
        { limit: 1000, ...(after === undefined ? {} : { after }) },
      );
      yield* page.items;
      after = page.next;
    }
  }

  #fileFor(found: FoundTranscript): SourceFile {
    const known = this.#files.get(found.path);
    if (known !== undefined) return known;
    const made = new SourceFile(this.#host, found);
    this.#files.set(found.path, made);
    return made;
  }

  #fileOf(sessionId: string): SourceFile | null {
    for (const file of this.#files.values()) if (file.sessionId === sessionId) return file;
    return null;
  }

  async #recordedFile(sessionId: string): Promise<SourceFile | null> {
    const path = (await this.#store.versions([sessionId])).get(sessionId)?.source?.path;
    const root = path === undefined ? null : this.#finder.rootOf(path);
    if (path === undefined || root === null) return null;
    const found = this.#finder.classify(root, path);
    return found === null ? null : this.#fileFor(found);
  }

  /** Looks below the roots for a transcript of this name. */
  async #search(sessionId: string): Promise<SourceFile | null> {
    for (const root of this.#finder.roots) {
      const walked = await this.#finder.walk(root, (path, error) => this.#readFailed(path, error));
      const found = walked.find(({ file }) => file.sessionId === sessionId);
      if (found !== undefined) return this.#fileFor(found);
    }
    return null;
  }

  async #vanishedPath(path: string): Promise<void> {
    const file = this.#files.get(path);
    if (file !== undefined) await this.#vanished(file);
  }

  async #vanished(file: SourceFile): Promise<void> {
    try {
      if (await file.vanished()) this.#files.delete(file.path);
    } catch {
      // The file has told its problem; the next pass detaches it.
    }
  }

  /** A root that cannot be watched is walked now and then. */
  #walkLater(root: string): void {
    if (this.#walks.has(root) || this.#closing.signal.aborted) return;
    const walk = async (): Promise<void> => {
      await this.#pass(root);
      this.#walks.delete(root);
      this.#walkLater(root);
    };
    this.#walks.set(
      root,
      this.#clock.setTimeout(() => void walk(), UNWATCHED_WALK_MS),
    );
  }

  #scheduleSweep(): void {
    this.#sweep = this.#clock.setTimeout(() => {
      for (const file of this.#files.values()) file.restIfIdle(LIVE_IDLE_MS);
      this.#scheduleSweep();
    }, SWEEP_MS);
    this.#sweep.unref();
  }

  #readFailed(path: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#report({ code: 'READ_FAILED', path, sessionId: null, message, cause: error });
  }

  #watchFailed(path: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#report({ code: 'WATCH_FAILED', path, sessionId: null, message, cause: error });
  }

  #report(problem: SyncProblem): void {
    this.#counts.problems += 1;
    this.#onProblem?.(problem);
  }
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
