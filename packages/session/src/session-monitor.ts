import type { ListEvent, MonitorEvent } from './monitor-event.ts';
import type { MonitorOptions, MonitorWatchOptions } from './monitor-options.ts';
import { StoreMonitor } from './store-monitor.ts';
import type { SessionStore } from './store.ts';

/** What a monitor did since it was made, and what it holds now. */
export interface MonitorStats {
  /** Sessions that are watched now. */
  readonly sessions: number;
  /** Subscribers now, those of the session list included. */
  readonly subscribers: number;
  /** Looks at the store by the timer. */
  readonly polls: number;
  /** Looks that found nothing written since the one before, and read nothing more. */
  readonly gateHits: number;
  /** Ticks put out, to each subscriber. */
  readonly ticks: number;
  /** Fallback syncs started. */
  readonly fallbacks: number;
  /** Fallback syncs that failed or missed their deadline. */
  readonly fallbackErrors: number;
}

/**
 * Watches sessions in a store. Any number of subscribers share one timer, which runs only while
 * somebody watches, and one query per change.
 */
export interface SessionMonitor {
  /**
   * Follows one session. The baseline is read at the call, before it returns. Each subscriber holds at
   * most one waiting event of each type: a slow reader gets the newest tick, never a queue.
   *
   * The first `next()` rejects with a `StoreError` `ERR_SESSION_NOT_FOUND` for an unknown id, unless
   * `waitForCreate` is set. Ends after `gone`, on abort, and when the loop is left. A watch that is never
   * read is released by its signal or `close()` only.
   */
  watch(sessionId: string, options?: MonitorWatchOptions): AsyncIterableIterator<MonitorEvent>;
  /** Follows the list of sessions: a signal to read it again, at most every 2 s, and heartbeats. */
  changes(options?: {
    /** Ends the iteration. */
    readonly signal?: AbortSignal;
  }): AsyncIterableIterator<ListEvent>;
  /** What it did and holds. */
  stats(): MonitorStats;
  /** Ends every watch with `gone`, reason `closed`, and frees its timers. The store stays open. Idempotent. */
  close(): Promise<void>;
}

/**
 * Makes a monitor of a store. It looks at the store every 1.5 s, and at once when this process
 * commits; it holds no timer while nobody watches. With a sync engine it also watches for transcripts
 * that stay ahead of the store and syncs them itself after 5 s.
 *
 * @throws TypeError naming the option that is out of range.
 *
 * @example
 * ```ts
 * import { createSessionMonitor, createSqliteStore } from '@watchkeeper/session';
 *
 * const store = createSqliteStore({ path: './sessions.db' });
 * const monitor = createSessionMonitor(store);
 * const signal = AbortSignal.timeout(60_000);
 * for await (const event of monitor.watch('my-session', { signal, waitForCreate: true })) {
 *   if (event.type === 'tick') console.log('now at revision', event.version.rev);
 * }
 * await monitor.close();
 * await store.close();
 * ```
 */
export function createSessionMonitor(
  store: SessionStore,
  options: MonitorOptions = {},
): SessionMonitor {
  return new StoreMonitor(store, options);
}
