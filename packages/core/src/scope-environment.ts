import type { WatchBackend } from './backend.ts';
import type { EventMeter } from './event-meter.ts';
import type { FeedEnvironment } from './feed-owner.ts';
import type { SlowLane } from './look.ts';
import type { WatchedScope } from './watched-scope.ts';
import type { ChooseBackends } from './watcher-options.ts';

/** What polling backends are asked for, in milliseconds, unless they were created with another interval. */
export const POLL_INTERVAL_MS = 1000;

/** What scopes need from the watcher they belong to. */
export interface ScopeEnvironment extends FeedEnvironment {
  /** The backends that may be used. */
  readonly backends: readonly WatchBackend[];
  /** Orders them for one place. */
  readonly choose: ChooseBackends | undefined;
  /** Looks at slow places. */
  readonly lane: SlowLane;
  /** Counts touches. */
  readonly meter: EventMeter;
  /** Counts work for `stats()`. */
  readonly counts: { repairs: number; audits: number };
  /** A scope ended: nobody may join it any more. Its closing is awaited when the watcher closes. */
  forget(scope: WatchedScope, closing: Promise<void>): void;
}
