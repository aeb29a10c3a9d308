import type { OpenRequest } from '@watchkeeper/core';
import type { Delivery, RootGuard } from '@watchkeeper/core/backend-kit';
import type { HandleSet } from './handle-set.ts';

/** What a cover works with; all of it belongs to one subscription. */
export interface CoverContext {
  readonly request: OpenRequest;
  readonly handles: Pick<HandleSet, 'open' | 'close'>;
  readonly delivery: Delivery;
  readonly guard: RootGuard;
  readonly sliceMs: number;
  /** Ends the subscription because its handle failed for good. */
  readonly fail: (cause: unknown) => void;
}

/** How a scope is covered with handles: one per directory, or one for the whole tree. */
export interface Cover {
  /** Opens handles for one slice of time; `true` when everything has one. Throws a `WatchError`. */
  start(): boolean;
  /** Looks again at what events could not tell or could not cover. */
  recheck(): void;
  /** Reads everything again, because events were dropped. */
  recover(): void;
  /** Resolves when everything known of is covered. */
  whenCovered(): Promise<void>;
  /** Stops all work; handles are closed by their owner. */
  close(): void;
}
