import type { LossReason } from './backend.ts';
import type { AbsPath } from './entry.ts';
import type { WatchError } from './errors.ts';
import type { ScopeWish } from './scope-wish.ts';
import type { WatchedScope } from './watched-scope.ts';

/** Where a scope stands. `gone`: its directory vanished. `failed`: no backend is left. `closed`: nobody follows it. */
export type ScopeState = 'opening' | 'live' | 'recovering' | 'gone' | 'failed' | 'closed';

/** A loss that was repaired. */
export interface Repair {
  /** Below which paths evidence was missing. */
  readonly under: readonly AbsPath[];
  /** Why. */
  readonly why: LossReason;
  /** What could not be compared. */
  readonly unsure: readonly AbsPath[];
  /** Whether it is told even if nothing had changed. */
  readonly always: boolean;
}

/** Somebody who follows a scope. */
export interface ScopeListener {
  /** How closely the scope is to be compared with the disk. */
  readonly wish: ScopeWish;
  /** The scope moved to another state, or something became covered or uncovered. */
  scopeMoved(scope: WatchedScope, error?: WatchError): void;
  /** Something is wrong. */
  scopeProblem(error: WatchError): void;
  /** A slice of work is over: what was told may be delivered. */
  scopeRested(repair: Repair | null): void;
}
