import type { WatchError } from '@watchkeeper/core';

/** What a live probe does to see whether it is told. */
export type ProbeAction = 'create' | 'append' | 'rename' | 'remove';

/** One thing that was done, and when the backend told of it. */
export interface ProbeStep {
  /** What was done. `append` is written through a descriptor that was open before. */
  readonly action: ProbeAction;
  /** Milliseconds from its beginning to the backend's touch, or `null` when none came in time. */
  readonly reportedAfterMs: number | null;
  /** Whether the file was closed before the time was taken, because the backend promises no more here. */
  readonly closedFirst: boolean;
}

/** A failure as plain data. */
export interface Failure {
  /** A code of `WatchError`, or of the system. */
  readonly code: string;
  /** What failed. */
  readonly message: string;
  /** What to do about it, or `null`. */
  readonly remedy: string | null;
}

/** What became of the live probe. */
export interface ProbeReport {
  /** `ran`: see the steps. `off`: nobody wanted it. `skipped`: see `because`. `failed`: see `failure`. */
  readonly outcome: 'ran' | 'off' | 'skipped' | 'failed';
  /** Why it was skipped, or `null`. */
  readonly because: string | null;
  /** The temporary directory that was used, removed since, or `null`. */
  readonly directory: string | null;
  /** Milliseconds until the subscription was live, or `null`. */
  readonly openMs: number | null;
  /** What was done, in order. */
  readonly steps: readonly ProbeStep[];
  /** What went wrong, or `null`. */
  readonly failure: Failure | null;
}

/** A failure as plain data. A `WatchError` ends its message with its remedy, which stands by itself here. */
export function failureOf({ code, message, remedy }: WatchError): Failure {
  const end = remedy === undefined ? '' : `; ${remedy}`;
  const what = end !== '' && message.endsWith(end) ? message.slice(0, -end.length) : message;
  return { code, message: what, remedy: remedy ?? null };
}

/** What every report of a probe that did not run has in common. */
const NOT_RUN = { because: null, directory: null, openMs: null, steps: [], failure: null } as const;

/** The report of a probe that was not made. */
export function skipped(because: string): ProbeReport {
  return { ...NOT_RUN, outcome: 'skipped', because };
}

/** The report of a probe that nobody wanted. */
export const PROBE_OFF: ProbeReport = { ...NOT_RUN, outcome: 'off' };

/** The report of a probe that could not be made. */
export function failed(failure: Failure, directory: string | null): ProbeReport {
  return { ...NOT_RUN, outcome: 'failed', failure, directory };
}
