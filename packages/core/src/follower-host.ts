import type { ChangeKind, ChangeOrigin } from './change.ts';
import type { AbsPath, EntryStat } from './entry.ts';
import type { WatchError } from './errors.ts';
import type { SlowLane } from './look.ts';
import type { Repair } from './scope-listener.ts';
import type { ScopeRegistry } from './scope-registry.ts';
import type { WatchSettings } from './watch-settings.ts';

/** What followers share. */
export interface FollowerEnvironment {
  /** Finds the scope that serves a place. */
  readonly registry: ScopeRegistry;
  /** Looks at slow places. */
  readonly lane: SlowLane;
}

/** What a follower needs from the watch it serves. */
export interface FollowerHost {
  /** The path to follow. */
  readonly target: AbsPath;
  /** How it is to be followed. */
  readonly settings: WatchSettings;
  /** What it takes. */
  readonly environment: FollowerEnvironment;
  /** Whether the watch keeps the process alive. */
  readonly referenced: boolean;
  /** A path, relative to the target, is not what was told before. */
  changed(
    kind: Exclude<ChangeKind, 'rename'>,
    relative: string,
    before: EntryStat | null,
    after: EntryStat | null,
    origin: ChangeOrigin,
  ): void;
  /** What was told may be delivered; `under` of a repair is relative to the target. */
  deliver(repair: (Omit<Repair, 'under'> & { readonly under: readonly string[] }) | null): void;
  /** The state may have changed. */
  moved(error?: WatchError): void;
  /** Something is wrong. */
  problem(error: WatchError): void;
  /** The path can not be followed any more. */
  failed(error: WatchError): void;
}
