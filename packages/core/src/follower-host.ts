import type { BlockedPaths } from './blocked-paths.ts';
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
  /** Those who cannot tell where their path leads. */
  readonly blocked: BlockedPaths;
}

/** A repair in paths relative to the watched one. */
export interface RelativeRepair extends Omit<Repair, 'under' | 'unsure'> {
  /** Below which paths evidence was missing. */
  readonly under: readonly string[];
  /** What could not be compared. */
  readonly unsure: readonly string[];
}

/** What a follower needs from the watch it serves. */
export interface FollowerHost {
  /** The path as it was given. */
  readonly path: string;
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
  /** A path was something else before; that will be told later. */
  deferred(relative: string, before: EntryStat | null): void;
  /** The directory that was told of goes on changing without the follower. */
  parted(): void;
  /** What was told may be delivered; `under` and `unsure` of a repair are relative to the target. */
  deliver(repair: RelativeRepair | null): void;
  /** The state may have changed. */
  moved(error?: WatchError): void;
  /** Something is wrong. */
  problem(error: WatchError): void;
  /** The path can not be followed any more. */
  failed(error: WatchError): void;
}
