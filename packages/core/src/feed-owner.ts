import type { Capabilities } from './backend.ts';
import type { ProbeCache } from './backend-choice.ts';
import type { Clock } from './clock.ts';
import type { WatchError } from './errors.ts';
import type { FailedBackend } from './feed-error.ts';
import type { SinkTarget } from './guarded-sink.ts';
import type { Selection } from './watcher-settings.ts';

/** The backend that feeds a scope. */
export interface FeedBackend {
  /** Name of the backend. */
  readonly name: string;
  /** What it promises at the scope's place. */
  readonly capabilities: Capabilities;
  /** Those that were tried before it. */
  readonly fellBackFrom: readonly FailedBackend[];
}

/** What a feed tells its scope. */
export interface FeedOwner extends SinkTarget {
  /** A subscription is live: everything known must be compared with what is there. */
  connected(): void;
  /** The subscription ended; another one is being opened. */
  interrupted(error: WatchError): void;
  /** Something the consumers should know. */
  problem(error: WatchError): void;
  /** The directory is not there (any more). */
  gone(error: WatchError): void;
  /** No backend is left. */
  failed(error: WatchError): void;
  /** Whether the directory is still the one that was asked for. */
  isIntact(): Promise<boolean>;
}

/** What a feed needs from the watcher it belongs to. */
export interface FeedEnvironment {
  readonly probes: ProbeCache;
  readonly clock: Clock;
  /** What the watcher may use now; a change of backends changes it. */
  selection(): Selection;
}
