import type { PathWatcher, Timer } from '@watchkeeper/core';

import { lastLineEnd } from './last-line.ts';
import { SourceReading } from './source-reading.ts';
import { SourceWriter, type WriterHost } from './source-writer.ts';
import { statSourceFile } from './source-stat.ts';
import { isStoreError } from './store-error.ts';
import { FOLLOW_RETRY_MAX_MS, FOLLOW_RETRY_MIN_MS } from './sync-options.ts';
import type { FoundTranscript, WalkedTranscript } from './transcript-finder.ts';

/** What a {@link SourceFile} needs of its surroundings. */
export interface FileHost extends WriterHost {
  readonly watcher: PathWatcher;
  readonly debounceMs: number;
  readonly maxWaitMs: number;
}

/** How a catch-up ended: everything is stored, the file is not there, it could not be done now, the store does not take it, or it must never be done. */
type CaughtUp = 'current' | 'missing' | 'incomplete' | 'failed' | 'refused';

/** Rounds of one catch-up: another writer may win a race now and then, not for ever. */
const MAX_ROUNDS = 20;

/** One transcript: caught up when it changed, followed line by line while it is live. */
export class SourceFile {
  readonly #host: FileHost;
  readonly #source: FoundTranscript;
  readonly #writer: SourceWriter;
  #live: SourceReading | null = null;
  #liveAt = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #jobs = 0;
  #waiting = false;
  #retry: Timer | null = null;
  #retryMs: number = FOLLOW_RETRY_MIN_MS;
  #loaded = false;
  #refused = false;
  #closed = false;

  constructor(host: FileHost, source: FoundTranscript) {
    this.#host = host;
    this.#source = source;
    this.#writer = new SourceWriter(host, source);
  }

  get path(): string {
    return this.#source.path;
  }

  get sessionId(): string {
    return this.#writer.sessionId;
  }

  /** Where it is and what its path tells. */
  get source(): FoundTranscript {
    return this.#source;
  }

  /** Whether nothing is under way or waiting: it may be forgotten without anyone missing it. */
  get idle(): boolean {
    return this.#jobs === 0 && this.#live === null;
  }

  /** Whether it is followed line by line. */
  get live(): boolean {
    return this.#live !== null;
  }

  get #over(): boolean {
    return this.#closed || this.#host.closing.aborted;
  }

  /** Brings it up to date unless the store already has exactly this file; then follows it if it is live. */
  pass(walked: WalkedTranscript, live: boolean): Promise<void> {
    return this.#enqueue(async () => {
      const stored = this.#live === null ? await this.#load() : null;
      const current =
        stored !== null &&
        stored.attached &&
        stored.stat.size === walked.size &&
        stored.stat.mtimeNs === walked.mtimeNs;
      const result =
        current || this.#live !== null ? 'current' : await this.#catchUp(this.#host.closing);
      if (result !== 'failed' && live) this.#follow();
    });
  }

  /** Something about the file changed. A live one sees it by itself. */
  touched(): void {
    if (this.#live !== null || this.#waiting || this.#refused || this.#over) return;
    this.#waiting = true;
    this.#inBackground(async () => {
      this.#waiting = false;
      if (this.#live !== null) return;
      if ((await this.#catchUp(this.#host.closing)) === 'current') this.#follow();
    });
  }

  /**
   * Brings it up to date now, whatever any watch says.
   *
   * @returns whether the file is there
   * @throws StoreError when the store does not take it; Error when it could not be read to its end.
   */
  sync(signal: AbortSignal): Promise<boolean> {
    return this.#enqueue(async () => {
      const wasLive = this.#live !== null;
      await this.#rest();
      const result = await this.#catchUp(signal);
      signal.throwIfAborted();
      if (result === 'failed') throw this.#writer.failure;
      if (wasLive) this.#follow();
      if (result === 'incomplete') throw new Error(`${this.path} could not be read to its end`);
      return result !== 'missing';
    });
  }

  /** The name is gone. If the file really is, the session keeps its messages and loses its source. */
  vanished(): Promise<void> {
    return this.#enqueue(async () => {
      if ((await statSourceFile(this.path)) !== null) return;
      await this.#rest();
      this.#retry?.cancel();
      await this.#host.store.detach(this.path);
      this.#loaded = false;
      // What told that it was made again may have been left to the follower that has just ended.
      if ((await statSourceFile(this.path)) !== null) this.touched();
    });
  }

  /** Ends following if nothing was written for `idleMs`. */
  restIfIdle(idleMs: number): void {
    if (this.#live === null || this.#host.clock.now() - this.#liveAt < idleMs) return;
    this.#inBackground(() => this.#rest());
  }

  /** Writes what is there and ends. */
  close(): Promise<void> {
    this.#closed = true;
    this.#retry?.cancel();
    return this.#enqueue(() => this.#rest());
  }

  /** One thing at a time. A failure is told, and is the caller's too. */
  #enqueue<T>(job: () => Promise<T>): Promise<T> {
    this.#jobs += 1;
    const run = this.#queue.then(job).finally(() => {
      this.#jobs -= 1;
    });
    this.#queue = run.catch((error: unknown) => {
      // Why a write was given up has been told by its writer.
      if (this.#host.closing.aborted || error === this.#writer.failure) return;
      this.#host.report({
        code: isStoreError(error) ? 'WRITE_FAILED' : 'READ_FAILED',
        path: this.path,
        sessionId: this.sessionId,
        message: error instanceof Error ? error.message : String(error),
        cause: error,
      });
    });
    return run;
  }

  #inBackground(job: () => Promise<unknown>): void {
    // A failure has been told by then; the next change or pass tries again.
    this.#enqueue(job).catch(() => undefined);
  }

  async #load(): ReturnType<SourceWriter['load']> {
    const stored = await this.#writer.load();
    this.#loaded = true;
    this.#refused = stored?.deleted === true;
    return stored;
  }

  async #catchUp(signal: AbortSignal): Promise<CaughtUp> {
    if (!this.#loaded) await this.#load();
    for (let round = 0; round < MAX_ROUNDS && !this.#refused && !signal.aborted; round += 1) {
      const seen = await statSourceFile(this.path);
      if (seen === null) return 'missing';
      const until = await lastLineEnd(this.path, seen.size);
      const before = this.#writer.cursor;
      const reading = this.#read(until, 0, 0);
      const onAbort = (): void => reading.stop();
      signal.addEventListener('abort', onAbort, { once: true });
      const outcome = await reading.ended();
      signal.removeEventListener('abort', onAbort);
      if (outcome === 'superseded') continue;
      if (outcome === 'refused') this.#refused = true;
      if (outcome === 'failed') return 'failed';
      if (outcome !== 'written') break;
      const now = this.#writer.cursor;
      if (now === null ? until === 0 : now.offset >= until) return this.#settle(until, seen);
      if (now !== null && now.offset === before?.offset && now.generation === before.generation)
        break;
    }
    return this.#refused ? 'refused' : 'incomplete';
  }

  /** Records that the file was looked at in this state, so that an unfinished last line is no reason to look again. */
  async #settle(
    until: number,
    seen: { readonly size: number; readonly mtimeNs: string },
  ): Promise<CaughtUp> {
    const { cursor, stat } = this.#writer;
    if (cursor === null || cursor.offset !== until) return 'current';
    if (stat?.size !== seen.size || stat.mtimeNs !== seen.mtimeNs) {
      const stamp = { size: seen.size, mtimeNs: seen.mtimeNs };
      if ((await this.#writer.record(cursor, stamp, false)) === 'failed') return 'failed';
    }
    return 'current';
  }

  #read(until: number | null, debounceMs: number, maxWaitMs: number): SourceReading {
    return new SourceReading(this.#source, this.#writer, {
      watcher: this.#host.watcher,
      clock: this.#host.clock,
      debounceMs,
      maxWaitMs,
      until,
      report: this.#host.report,
      onProgress: () => {
        this.#liveAt = this.#host.clock.now();
        this.#retryMs = FOLLOW_RETRY_MIN_MS;
      },
    });
  }

  #follow(): void {
    if (this.#live !== null || this.#refused || this.#over) return;
    const live = this.#read(null, this.#host.debounceMs, this.#host.maxWaitMs);
    this.#live = live;
    this.#liveAt = this.#host.clock.now();
    void this.#end(live);
  }

  /** A live reading that ends by itself met another writer, a tombstone, a store or a place that does not take it. */
  async #end(live: SourceReading): Promise<void> {
    const outcome = await live.ended();
    if (this.#live !== live) return;
    this.#live = null;
    if (outcome === 'refused') this.#refused = true;
    else if (outcome === 'superseded') this.touched();
    else if (outcome !== 'failed') this.#followLater();
  }

  /** No change tells that a place can be watched again, nor that a batch can be made ready. */
  #followLater(): void {
    if (this.#over) return;
    this.#retry?.cancel();
    this.#retry = this.#host.clock.setTimeout(() => {
      this.#inBackground(async () => {
        if (this.#live !== null) return;
        const result = await this.#catchUp(this.#host.closing);
        if (result === 'current') this.#follow();
        else if (result === 'incomplete') this.#followLater();
      });
    }, this.#retryMs);
    this.#retry.unref();
    this.#retryMs = Math.min(this.#retryMs * 2, FOLLOW_RETRY_MAX_MS);
  }

  async #rest(): Promise<void> {
    const live = this.#live;
    if (live === null) return;
    this.#live = null;
    live.stop();
    const outcome = await live.ended();
    if (outcome === 'refused') this.#refused = true;
  }
}
