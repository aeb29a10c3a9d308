import type { ConfigError } from './errors.ts';
import type { Rollout } from './event.ts';
import type { SourceState } from './snapshot.ts';
import type { WatchStatus } from './watching.ts';

/** How many sessions there are and how they do. */
export interface SessionCounts {
  /** Open sessions. */
  readonly total: number;
  /** Those that have neither acknowledged the newest generation nor finally failed it. */
  readonly behind: number;
  /** Those that finally failed it. */
  readonly nacked: number;
}

/** Counters since the start. */
export interface Counters {
  /** Loads: proved content was merged and validated. */
  readonly attempts: number;
  /** File reads, the second reads of proofs included. Independent of the number of sessions. */
  readonly reads: number;
  /** Generations published. */
  readonly changed: number;
  /** Loads with the same value as before. */
  readonly unchanged: number;
  /** Loads refused. */
  readonly rejected: number;
  /** Spells of content that would not stand still. */
  readonly unstable: number;
  /** Changes found by the manager's own net before any hint came. */
  readonly missedHints: number;
  /** Listener calls that threw or rejected. */
  readonly listenerErrors: number;
  /** Acknowledgements of sessions. */
  readonly acks: number;
  /** Failed tries of sessions. */
  readonly nacks: number;
}

/** Where a manager stands; plain data apart from {@link Status.lastError}. */
export interface Status {
  /**
   * `loading`: nothing was judged yet. `ready`: what lies on disk is what is served. `degraded`: what
   * lies on disk is refused, unstable or gone, and the last good generation, if there is one, is served.
   */
  readonly state: 'loading' | 'ready' | 'degraded' | 'closed';
  /** The generation served; 0 before the first. */
  readonly generation: number;
  /** When a load last succeeded, in milliseconds since the epoch. */
  readonly lastSuccessAt?: number;
  /** When a load was last tried, in milliseconds since the epoch. */
  readonly lastAttemptAt?: number;
  /** Why the state is `degraded`; absent when a file is merely gone. */
  readonly lastError?: ConfigError;
  /** Refused loads since the last good one. */
  readonly consecutiveFailures: number;
  /** What is known of the watching. */
  readonly watch: WatchStatus;
  /** The file layers, lowest precedence first. */
  readonly sources: readonly SourceState[];
  /** Open subscriptions. */
  readonly subscribers: number;
  /** Open sessions. */
  readonly sessions: SessionCounts;
  /** How far the newest generation has come; absent before the first. */
  readonly rollout?: Rollout;
  /** Counters since the start. */
  readonly counters: Counters;
}
