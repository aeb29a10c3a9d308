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
  #walk: Timer | null = null;

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
      this.#failed(error);
      this.#walkLater();
    }
  }

  async close(): Promise<void> {
    this.#walk?.cancel();
    await this.#watch?.close();
  }

  #openWatch(): Watch {
    const watch = this.#host.watcher.watch(this.#root, {
      recursive: true,
      ignore: (relative, type) =>
        type === 'file' && this.#host.finder.classifyBelow(relative) === null,
    });
    watch.on('batch', (batch) => this.#onBatch(batch));
    watch.on('problem', (error) => this.#failed(error));
    watch.on('state', (state) => {
      if (state === 'closed') this.#walkLater();
    });
    return watch;
  }

  #onBatch(batch: ChangeBatch): void {
    if (this.#host.closing.aborted) return;
    for (const change of batch.changes) this.#onChange(change);
    if ((batch.repaired?.unsure.length ?? 0) > 0) void this.#host.walk(this.#root);
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

  /** A root that cannot be watched is walked now and then. */
  #walkLater(): void {
    if (this.#walk !== null || this.#host.closing.aborted) return;
    const walk = async (): Promise<void> => {
      await this.#host.walk(this.#root);
      this.#walk = null;
      this.#walkLater();
    };
    this.#walk = this.#host.clock.setTimeout(() => void walk(), UNWATCHED_WALK_MS);
  }

  #failed(error: unknown): void {
    this.#report('WATCH_FAILED', error instanceof Error ? error.message : String(error), error);
  }

  #report(code: SyncProblem['code'], message: string, cause?: unknown): void {
    this.#host.report({ code, path: this.#root, sessionId: null, message, cause });
  }
}
