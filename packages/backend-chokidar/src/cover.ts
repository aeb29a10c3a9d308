import type { OpenRequest } from '@watchkeeper/core';
import type { Delivery, RootGuard } from '@watchkeeper/core/backend-kit';

/** What a cover works with; all of it belongs to one subscription. */
export interface CoverContext {
  readonly request: OpenRequest;
  readonly delivery: Delivery;
  readonly guard: RootGuard;
}

/** How a scope is covered with chokidar: one watcher per directory, or one for everything. */
export interface Cover {
  /** Resolves when everything is watched. Rejects with a `WatchError`; close it then. */
  open(): Promise<void>;
  /** Looks again at what events could not tell or could not cover. */
  recheck(): void;
  /** Resolves when everything that happened before is told; `null` when nobody can know. */
  readonly settle: (() => Promise<void>) | null;
  /** Resolves when nothing is held any more. Never rejects. */
  close(): Promise<void>;
}
