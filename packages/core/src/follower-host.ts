import type { ChangeKind, ChangeOrigin } from './change.ts';
import type { AbsPath, EntryStat } from './entry.ts';
import type { WatchError } from './errors.ts';
import type { Repair } from './scope-listener.ts';
import type { ScopeWish } from './scope-wish.ts';
import type { IgnoreFunction } from './tree-scope.ts';

/** What a follower needs from the watch it serves. */
export interface FollowerHost {
  /** The path to follow. */
  readonly target: AbsPath;
  /** Whether symlinks at the path itself are followed. */
  readonly follow: boolean;
  /** What is asked for when the path is a directory. */
  readonly kind: 'directory' | 'tree';
  /** What is left out then. */
  readonly ignore: IgnoreFunction | undefined;
  /** Whether everything found at the start is told. */
  readonly emitInitial: boolean;
  /** How closely what is followed is compared with the disk. */
  readonly wish: ScopeWish;
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
