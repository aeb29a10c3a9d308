import { sharedWatcher } from '@watchkeeper/backends';
import { systemClock, type Clock, type Timer } from '@watchkeeper/core';
import { claudeCode } from '@watchkeeper/transcript';

import { RootWatcher, type RootHost } from './root-watcher.ts';
import type { SessionSync, SyncStats } from './session-sync.ts';
import { SourceFile, type FileHost } from './source-file.ts';
import { statSourceFile, type SourceStat } from './source-stat.ts';
import type { SessionRow, SessionStore, SourceState } from './store.ts';
import { isStoreError, StoreError } from './store-error.ts';
import {
  checkSyncOptions,
  LIVE_IDLE_MS,
  PASS_CONCURRENCY,
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

/** The sync of some roots into one store. */
export class TranscriptSync implements SessionSync {
  readonly #store: SessionStore;
  readonly #clock: Clock;
  readonly #finder: TranscriptFinder;
  readonly #onProblem: ((problem: SyncProblem) => void) | undefined;
  readonly #host: FileHost;
  readonly #files = new Map<string, SourceFile>();
  readonly #roots: readonly RootWatcher[];
  readonly #closing = new AbortController();
  readonly #counts = { messages: 0, batches: 0, conflicts: 0, retries: 0, problems: 0 };
  readonly #giveUpAfterMs: number;
  #filled = false;
  #failure: { readonly error: unknown } | null = null;
  #sweep: Timer | null = null;
  #started: Promise<void> | null = null;
  #closed: Promise<void> | null = null;

  constructor(options: SessionSyncOptions) {
    checkSyncOptions(options);
    this.#store = options.store;
    this.#clock = options.clock ?? systemClock;
    this.#finder = new TranscriptFinder(options.roots, options.providers ?? [claudeCode]);
    this.#onProblem = options.onProblem;
    this.#giveUpAfterMs = options.giveUpAfterMs ?? Infinity;
    this.#host = {
      store: options.store,
      clock: this.#clock,
      watcher: options.watcher ?? sharedWatcher(),
      debounceMs: options.debounceMs ?? 100,
      maxWaitMs: options.maxWaitMs ?? 500,
      closing: this.#closing.signal,
      giveUpAfterMs: this.#giveUpAfterMs,
      gaveUp: (error) => this.#gaveUp(error),
      report: (problem) => this.#report(problem),
      counted: (what, by) => {
        this.#counts[what] += by;
      },
    };
    this.#roots = this.#finder.roots.map((root) => new RootWatcher(root, this.#rootHost()));
  }

  start(): Promise<void> {
    this.#started ??= this.#begin();
    return this.#started;
  }

  async syncSession(sessionId: string, signal?: AbortSignal): Promise<void> {
    const stop =
      signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    stop.throwIfAborted();
    const known = this.#fileOf(sessionId)?.source ?? (await this.#recorded(sessionId));
    if (known !== null && (await this.#fileFor(known).sync(stop))) return;
    if (known !== null) await this.#vanished(known.path);
    const moved = await this.#search(sessionId);
    if (moved !== null) {
      await this.#fileFor(moved).sync(stop);
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

  #rootHost(): RootHost {
    return {
      ...this.#host,
      finder: this.#finder,
      onTouched: (found) => this.#fileFor(found).touched(),
      onGone: (path) => void this.#vanished(path),
      walk: (root) => this.#pass(root),
    };
  }

  async #begin(): Promise<void> {
    // Watched first, walked second: what appears in between is seen twice, never missed.
    await Promise.all(this.#roots.map((root) => root.open()));
    await Promise.all(this.#finder.roots.map((root) => this.#pass(root)));
    if (this.#failure !== null) throw this.#failure.error;
    this.#filled = true;
    if (!this.#closing.signal.aborted) this.#scheduleSweep();
  }

  async #end(): Promise<void> {
    this.#closing.abort();
    this.#sweep?.cancel();
    await Promise.all(this.#roots.map((root) => root.close()));
    // What is under way must be over before its files are closed.
    await this.#started?.catch(() => undefined);
    await Promise.all([...this.#files.values()].map((file) => file.close()));
  }

  /** Reads every transcript below a root that the store does not have as it is, and detaches those that are gone. */
  async #pass(root: string): Promise<void> {
    const walked = await this.#finder.walk(root, (path, error) => this.#readFailed(path, error));
    const next = walked.values();
    const work = async (): Promise<void> => {
      for (const transcript of next) {
        if (this.#closing.signal.aborted || this.#failure !== null) return;
        try {
          await this.#fileFor(transcript).pass(transcript, this.#isLive(transcript));
        } catch (error) {
          // The file has told its problem; the others are not to wait for it.
          if (isStoreError(error)) this.#gaveUp(error);
        }
      }
    };
    await Promise.all(Array.from({ length: PASS_CONCURRENCY }, work));
    await this.#detachMissing(root, new Set(walked.map(({ path }) => path)));
  }

  #isLive(transcript: WalkedTranscript): boolean {
    return this.#clock.wallNow() - transcript.mtimeMs < LIVE_IDLE_MS;
  }

  /** Sessions whose transcript went while nobody looked: they stay, without a source. */
  async #detachMissing(root: string, present: ReadonlySet<string>): Promise<void> {
    for await (const { version } of this.#sessions()) {
      if (this.#closing.signal.aborted || this.#failure !== null) return;
      const path = version.source?.path;
      if (path === undefined || present.has(path) || this.#finder.rootOf(path) !== root) continue;
      if ((await statSourceFile(path)) !== null) continue;
      const found = this.#finder.classify(root, path);
      if (found === null) {
        await this.#store.detach(path);
      } else {
        this.#fileFor(found);
        await this.#vanished(path);
      }
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

  async #recorded(sessionId: string): Promise<FoundTranscript | null> {
    const path = (await this.#store.versions([sessionId])).get(sessionId)?.source?.path;
    const root = path === undefined ? null : this.#finder.rootOf(path);
    return path === undefined || root === null ? null : this.#finder.classify(root, path);
  }

  /** Looks below the roots for a transcript of this name. */
  async #search(sessionId: string): Promise<FoundTranscript | null> {
    for (const root of this.#finder.roots) {
      const walked = await this.#finder.walk(root, (path, error) => this.#readFailed(path, error));
      const found = walked.find(({ file }) => file.sessionId === sessionId);
      if (found !== undefined) return found;
    }
    return null;
  }

  /** A path may be gone. Its file is forgotten unless something else came for it meanwhile: a path has one reader. */
  async #vanished(path: string): Promise<void> {
    const file = this.#files.get(path);
    if (file === undefined) return;
    try {
      await file.vanished();
      if (file.idle && this.#files.get(path) === file) this.#files.delete(path);
    } catch (error) {
      // The file has told its problem; the next walk of its root detaches it.
      if (isStoreError(error)) this.#gaveUp(error);
    }
  }

  /** The store does not take something. A start that does not wait for ever ends with it. */
  #gaveUp(error: unknown): void {
    if (this.#giveUpAfterMs !== Infinity && !this.#filled) this.#failure ??= { error };
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

  #report(problem: SyncProblem): void {
    this.#counts.problems += 1;
    try {
      this.#onProblem?.(problem);
    } catch (error) {
      // A listener's failure must not stop what reported to it.
      process.emitWarning(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
