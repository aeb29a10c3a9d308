import { WatchError } from './errors.ts';
import type { Explanation, PathWatcherOptions, WatcherStats } from './watcher-options.ts';
import type { Watch, WatchOptions } from './watch.ts';

/** Watches paths through pluggable backends. */
export class PathWatcher {
  /** Creates a watcher; nothing is opened before the first {@link PathWatcher.watch}. */
  constructor(options: PathWatcherOptions) {
    void options;
  }

  /** Watches a path. */
  watch(path: string, options?: WatchOptions): Watch {
    throw this.#unavailable(path, options);
  }

  /** Says which backend serves a path, and why. */
  async explain(path: string): Promise<Explanation> {
    throw this.#unavailable(path);
  }

  /** Counts what is open. */
  stats(): WatcherStats {
    return {
      watches: 0,
      paths: 0,
      subscriptions: 0,
      entries: 0,
      repairs: 0,
      audits: 0,
      eventsPerSecond: 0,
    };
  }

  /** Closes every watch. */
  async close(): Promise<void> {
    await Promise.resolve();
  }

  /** Same as {@link PathWatcher.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #unavailable(path: string, _options?: WatchOptions): WatchError {
    return new WatchError('This path cannot be watched yet', {
      code: 'ERR_WATCH_BACKEND_UNSUPPORTED',
      backend: 'core',
      paths: [path],
    });
  }
}
