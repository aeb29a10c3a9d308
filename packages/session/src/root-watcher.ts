import type { Change, ChangeBatch, Clock, PathWatcher, Timer, Watch } from '@watchkeeper/core';

import { UNWATCHED_WALK_MS, type SyncProblem } from './sync-options.ts';
import type { FoundTranscript, TranscriptFinder } from './transcript-finder.ts';

/** What a {@link RootWatcher} needs of its surroundings. */
export interface RootHost {
  readonly watcher: PathWatcher;
  readonly clock: Clock;
  readonly closing: AbortSignal;
  readonly finder: TranscriptFinder;
  readonly report: (problem: SyncProblem) => void;
  /** A transcript came or changed. */
  readonly onTouched: (found: FoundTranscript) => void;
  /** A path is gone. */
  readonly onGone: (path: string) => void;
  /** Look at the whole root: what a watch told is not complete. */
  readonly walk: (root: string) => Promise<unknown>;
}

/** Tells which transcripts below one root may have changed. */
export class RootWatcher {
  readonly #root: string;
  readonly #host: RootHost;
  #watch: Watch | null = null;
  #timer: Timer | null = null;
  #walks: Promise<void> = Promise.resolve();
  #queued: Promise<void> | null = null;

  constructor(root: string, host: RootHost) {
    this.#root = root;
    this.#host = host;
  }

  /** Resolves when every later change will be told, or when walking has taken the place of watching. */
  async open(): Promise<void> {
    if (!(await this.#host.finder.exists(this.#root))) {
      this.#report('ROOT_MISSING', `${this.#root} is not there yet`);
    }
    if (this.#host.closing.aborted) return;
    try {
      this.#watch = this.#openWatch();
      await this.#watch.ready;
    } catch (error) {
      this.#failed('WATCH_FAILED', error);
      this.#walkLater();
    }
  }

  /** Resolves when no walk is under way any more. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.#watch?.close();
    await this.#walks;
  }

  #openWatch(): Watch {
    const watch = this.#host.watcher.watch(this.#root, {
      recursive: true,
      ignore: (relative, type) =>
        type === 'file' && this.#host.finder.classifyBelow(relative) === null,
    });
    watch.on('batch', (batch) => this.#onBatch(batch));
    watch.on('problem', (error) => this.#failed('WATCH_FAILED', error));
    watch.on('state', (state) => {
      if (state === 'closed') this.#walkLater();
    });
    return watch;
  }

  #onBatch(batch: ChangeBatch): void {
    if (this.#host.closing.aborted) return;
    for (const change of batch.changes) this.#onChange(change);
    if ((batch.repaired?.unsure.length ?? 0) > 0) void this.#walk();
  }

  #onChange(change: Change): void {
    if (change.from !== undefined) this.#host.onGone(change.from);
    if (change.kind === 'remove') {
      this.#host.onGone(change.path);
      return;
    }
    if (change.after?.type !== 'file') return;
    const found = this.#host.finder.classify(this.#root, change.path);
    if (found !== null) this.#host.onTouched(found);
  }

  /** One walk after another; one that has not begun yet is all that can be asked for. Never rejects. */
  #walk(): Promise<void> {
    this.#queued ??= this.#walks = this.#walks.then(async () => {
      this.#queued = null;
      if (this.#host.closing.aborted) return;
      try {
        await this.#host.walk(this.#root);
      } catch (error) {
        this.#failed('READ_FAILED', error);
      }
    });
    return this.#queued;
  }

  /** A root that cannot be watched is walked now and then. */
  #walkLater(): void {
    if (this.#timer !== null || this.#host.closing.aborted) return;
    const walk = async (): Promise<void> => {
      await this.#walk();
      this.#timer = null;
      this.#walkLater();
    };
    this.#timer = this.#host.clock.setTimeout(() => void walk(), UNWATCHED_WALK_MS);
  }

  /** What fails because the sync closes is no problem. */
  #failed(code: SyncProblem['code'], error: unknown): void {
    if (this.#host.closing.aborted) return;
    this.#report(code, error instanceof Error ? error.message : String(error), error);
  }

  #report(code: SyncProblem['code'], message: string, cause?: unknown): void {
    this.#host.report({ code, path: this.#root, sessionId: null, message, cause });
  }
}
