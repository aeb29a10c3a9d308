import type { EventMeter } from './event-meter.ts';
import type { FeedEnvironment } from './feed-owner.ts';
import type { SlowLane } from './look.ts';
import type { WatchedScope } from './watched-scope.ts';
import type { Watchdog } from './watchdog.ts';

/** What polling backends are asked for, in milliseconds, unless they were created with another interval. */
export const POLL_INTERVAL_MS = 1000;

/** What scopes need from the watcher they belong to. */
export interface ScopeEnvironment extends FeedEnvironment {
  /** Looks at slow places. */
  readonly lane: SlowLane;
  /** Looks after scopes whose backend may lose evidence without a word. */
  readonly watchdog: Watchdog;
  /** Counts touches. */
  readonly meter: EventMeter;
  /** Counts work for `stats()`. */
  readonly counts: { repairs: number; audits: number };
  /** A scope ended: nobody may join it any more. Its closing is awaited when the watcher closes. */
  forget(scope: WatchedScope, closing: Promise<void>): void;
}
