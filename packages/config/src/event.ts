import type { ConfigError } from './errors.ts';
import type { Change, SourceState } from './snapshot.ts';

/** How far a generation has come. */
export interface Rollout {
  /** The generation being spread. */
  readonly generation: number;
  /** Open sessions. */
  readonly total: number;
  /** Those that acknowledged it, or need not apply it. */
  readonly acked: number;
  /** Those that failed it as often as they may. */
  readonly nacked: number;
  /** Those still to come. */
  readonly pending: number;
  /** When it was published, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** Whether none is pending. */
  readonly done: boolean;
}

/** What happens in a manager, as data. */
export type ConfigEvent<T> =
  /** A new generation is visible. */
  | { readonly type: 'changed'; readonly change: Change<T> }
  /** A file was loaded anew and the value is the same. */
  | { readonly type: 'unchanged'; readonly generation: number }
  /** What lies on disk is refused; the last good generation stays. Once per content. */
  | { readonly type: 'rejected'; readonly error: ConfigError }
  /** What lies on disk is good again. */
  | { readonly type: 'recovered'; readonly generation: number }
  /** A file went missing, came back, or is held. */
  | { readonly type: 'source'; readonly source: SourceState }
  /** Watching became healthy or unhealthy; the manager's own net looks either way. */
  | { readonly type: 'watch'; readonly healthy: boolean; readonly reason?: string }
  /** A session applied a generation. */
  | {
      readonly type: 'ack';
      readonly session: string;
      readonly generation: number;
      readonly ms: number;
    }
  /** A session failed to apply a generation; `final` when it will not be tried again. */
  | {
      readonly type: 'nack';
      readonly session: string;
      readonly generation: number;
      readonly error: ConfigError;
      readonly final: boolean;
    }
  /** Every session has acknowledged or finally failed a generation. */
  | { readonly type: 'rollout'; readonly rollout: Rollout }
  /** A listener of the caller's threw or rejected. */
  | { readonly type: 'problem'; readonly error: ConfigError }
  /** This reader was too slow: so many events were dropped, acknowledgements first. */
  | { readonly type: 'dropped'; readonly count: number };
