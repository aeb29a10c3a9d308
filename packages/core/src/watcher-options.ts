import type { Scope, WatchBackend } from './backend.ts';
import type { Clock } from './clock.ts';
import type { AbsPath } from './entry.ts';
import type { Place } from './place.ts';

/** An order of backends for one place, with its reasons. */
export interface BackendChoice {
  /** Candidates, most wanted first. Those after the first serve as fallbacks. */
  readonly backends: readonly WatchBackend[];
  /** Why this order; shown by `explain()`. */
  readonly because?: string;
  /** Backends left out, each with its reason; shown by `explain()`. */
  readonly rejected?: readonly RejectedBackend[];
}

/** A backend that does not serve a place, and why. */
export interface RejectedBackend {
  /** Name of the backend. */
  readonly name: string;
  /** Why it was left out, in words for an operator. */
  readonly because: string;
}

/**
 * Orders backends for one place. Called once per subscription, before any of the backends was probed,
 * so it must not call `capabilities`.
 */
export type ChooseBackends = (
  place: Place,
  scope: Scope,
  backends: readonly WatchBackend[],
) => readonly WatchBackend[] | BackendChoice;

/** Options of `PathWatcher`. */
export interface PathWatcherOptions {
  /** The backends that may be used, most wanted first. */
  readonly backends: readonly WatchBackend[];
  /** Orders the backends for one place. @defaultValue the order of `backends` */
  readonly choose?: ChooseBackends;
  /** `next` moves a watch to the next backend when one fails; `none` ends the watch. @defaultValue `'next'` */
  readonly fallback?: 'none' | 'next';
  /**
   * For a `choose` that looks at the names of a scope: which names of one directory may share a
   * subscription, namely those for whose absolute paths it returns the same text. `choose` is asked
   * once per group, with one name of it. Pure and quick: called at each watch of a single file.
   *
   * @defaultValue all names of a directory share one
   */
  readonly groupOf?: (path: AbsPath) => string;
  /** The source of time. @defaultValue `systemClock` */
  readonly clock?: Clock;
}

/** The backends of a watcher and how they are chosen: what {@link PathWatcher.useBackends} replaces. */
export type BackendSelection = Pick<
  PathWatcherOptions,
  'backends' | 'choose' | 'fallback' | 'groupOf'
>;

/** Which backend serves a path, and why. */
export interface Explanation {
  /** The directory that would be watched, and what is known of it. */
  readonly place: Place;
  /** Name of the backend, or `null` when none can watch the path. */
  readonly chosen: string | null;
  /** Why it was chosen. */
  readonly because: string;
  /** Every other backend, with the reason why it was not chosen. */
  readonly rejected: readonly RejectedBackend[];
}

/** Counters of a `PathWatcher`, cheap enough to read every second. */
export interface WatcherStats {
  /** Open watches. */
  readonly watches: number;
  /** Distinct paths that are watched. */
  readonly paths: number;
  /** Open backend subscriptions. */
  readonly subscriptions: number;
  /** Entries known, in all tables together. */
  readonly entries: number;
  /** Losses repaired since the start. */
  readonly repairs: number;
  /** Scopes re-read without a reported loss since the start, to find what a backend missed. */
  readonly audits: number;
  /** Touches received per second, over the last ten seconds. */
  readonly eventsPerSecond: number;
}
