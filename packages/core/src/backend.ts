import type { Clock } from './clock.ts';
import type { AbsPath, EntryStat, EntryType } from './entry.ts';
import type { WatchError } from './errors.ts';
import type { Place } from './place.ts';

/** `native`: pays only for what was asked. `filtered`: watches more and drops the rest. */
export type ScopeSupport = 'native' | 'filtered' | 'none';

/** What a backend promises at one place. Core compensates for what is not promised. */
export interface Capabilities {
  /** How each kind of scope is served. */
  readonly scope: {
    readonly names: ScopeSupport;
    readonly directory: ScopeSupport;
    readonly tree: ScopeSupport;
  };
  /** Whether evidence arrives by itself or is looked for. */
  readonly delivery: 'push' | 'poll';
  /** When the kernel drops events: is the sink told? */
  readonly loss: 'reported' | 'silent';
  /** When appends through a descriptor that stays open are touched. */
  readonly openFileAppends: 'prompt' | 'on-close' | 'next-poll';
  /** Writes made by another host, hypervisor or container side. */
  readonly foreignWrites: 'seen' | 'unseen' | 'unknown';
  /** Are entries found that appear in a directory before its own watch exists? */
  readonly newDirectories: 'covered' | 'gap';
  /** After a directory moves inside the tree, do later touches carry the new path? */
  readonly movedDirectories: 'tracked' | 'stale';
  /** Is the removal of the root told by `ended`? */
  readonly rootRemoval: 'reported' | 'silent';
  /** Whether changes made while nobody watched can be listed. */
  readonly resume: 'none' | 'scan' | 'journal';
  /** Whether an idle subscription can be kept from holding the process alive. */
  readonly unref: boolean;
  /** What one unit of the scarce kernel resource buys. */
  readonly costPer: 'root' | 'directory' | 'entry' | 'sweep';
  /** Usual time from a change to its touch, in milliseconds. */
  readonly typicalLatencyMs: number;
  /** Longest time from a change to its touch while the event loop runs, in milliseconds. */
  readonly worstLatencyMs: number;
}

/** The answer of {@link WatchBackend.probe}. */
export type Probe =
  | { readonly usable: true; readonly version: string }
  | { readonly usable: false; readonly error: WatchError };

/**
 * What is asked of a backend: some names in one directory, one directory, or a tree.
 *
 * The set of a `names` scope is live: core adds and removes names while the subscription is open,
 * and a backend must consult it at each use. A name that was just added may be touched spuriously.
 */
export type Scope =
  | { readonly kind: 'names'; readonly names: ReadonlySet<string> }
  | { readonly kind: 'directory' }
  | { readonly kind: 'tree' };

/** One request to a backend. Core has resolved symlinks, missing paths and single files before. */
export interface OpenRequest {
  /** An existing directory that is not a symlink. */
  readonly root: AbsPath;
  /** What below the root is asked for. */
  readonly scope: Scope;
  /** Where the root lies. */
  readonly place: Place;
  /**
   * Decides what is left out; called with a path relative to `root` that uses `/`. A refused
   * directory is refused with everything below it. The type is `undefined` when it is not known.
   */
  readonly ignores: (relative: string, type: EntryType | undefined) => boolean;
  /** Subtrees that `ignores` is known to refuse whole: a backend may save work with them, never decide. */
  readonly prune: readonly AbsPath[];
  /** Backends never follow symlinks below the root; core watches link targets by requests of their own. */
  readonly followSymlinks: false;
  /** Whether the subscription keeps the process alive. */
  readonly persistent: boolean;
  /** Wanted time between two looks, in milliseconds, for backends that poll. */
  readonly pollIntervalMs: number;
  /** The clock to use for every timer. */
  readonly clock: Clock;
  /** Aborts the opening, or closes the subscription. */
  readonly signal: AbortSignal;
}

/** Evidence that a path may have changed. */
export interface Touch {
  /** The path to look at. Inside the scope, byte-exact. */
  readonly path: AbsPath;
  /** How far below `path` the evidence reaches: the entry, its direct children, or everything. */
  readonly reach: 'entry' | 'children' | 'tree';
  /** What the backend believes happened; never trusted. */
  readonly hint?: 'created' | 'changed' | 'removed';
  /** A stat taken after the event, or `null` for a confirmed absence. Saves core a stat. */
  readonly stat?: EntryStat | null;
}

/** Why evidence may be missing. */
export type LossReason = 'overflow' | 'restart' | 'stall' | 'uncovered' | 'unknown';

/**
 * Where a backend delivers. Calls are synchronous, never re-entrant, never made from inside `open`
 * or `close`, and stop for good after `ended` or once `close()` has been called. What comes before
 * `open` has resolved is held back until the subscription is relied on, without the stats.
 */
export interface Sink {
  /**
   * Evidence, not verdicts: may be spurious, repeated, or out of order between names; may not be
   * missing. For one name the last touch comes after the last change.
   */
  touched(touches: readonly Touch[]): void;
  /**
   * Everything at or below these paths may have changed unseen. Precedes every touch made after the
   * loss. The reason `uncovered` says that what was {@link Sink.degraded} there is covered again.
   */
  lost(under: readonly AbsPath[], why: LossReason): void;
  /**
   * Still open, but something is not covered: the paths of the error, with everything below them; the
   * root when it names none. At most one call per turn: coalesce. Core looks at these paths itself
   * until they are gone, another subscription takes over, or `lost` tells with the reason `uncovered`
   * that they are covered again. An error whose effect is `noted` leaves everything covered.
   */
  degraded(error: WatchError): void;
  /** Nothing more will come. */
  ended(error: WatchError): void;
}

/** An open request. */
export interface Subscription {
  /**
   * After it resolves, every change finished before the call has been touched or reported lost.
   * A backend without one is audited by core instead.
   */
  barrier?(signal?: AbortSignal): Promise<void>;
  /** Lets the subscription keep the process alive. */
  ref(): void;
  /** Stops the subscription from keeping the process alive, where the capability `unref` says so. */
  unref(): void;
  /**
   * Ends the subscription. Idempotent: the same promise each time. No sink call happens after the
   * call; no handle, timer, descriptor or thread remains once it resolves. May be called from inside
   * a sink call.
   */
  close(): Promise<void>;
}

/**
 * One way to learn that something changed. A backend only says *where to look*; core stats,
 * compares and decides, so every backend gives the same events.
 *
 * The numbered guarantees an implementer owes are in the conformance kit,
 * `@watchkeeper/conformance`, which tests each of them.
 */
export interface WatchBackend {
  /** Short name for messages, configuration and `explain()`. */
  readonly name: string;
  /** Loads what is needed and checks it. Never rejects because the backend cannot run here. */
  probe(): Promise<Probe>;
  /** What is promised at a place. Pure and synchronous; valid after a successful probe. */
  capabilities(place: Place): Capabilities;
  /**
   * Starts a subscription. Resolves once every later change will be touched or reported lost;
   * rejects with a {@link WatchError}, with nothing left open.
   */
  open(request: OpenRequest, sink: Sink): Promise<Subscription>;
}
