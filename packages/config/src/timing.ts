import { refusal, requireKnownKeys } from './option-check.ts';

/** When a change is read and how often. All in milliseconds. */
export interface Timing {
  /** Quiet time after the last hint before the files are looked at. @defaultValue `200` */
  readonly settleMs: number;
  /** Longest time from the first hint to a look. Bytes that are still changing are never accepted. @defaultValue `1500` */
  readonly maxWaitMs: number;
  /** How long new bytes must stay the same, between two reads, before they are parsed. @defaultValue `100` */
  readonly stableForMs: number;
  /** The same for bytes that look cut off: an empty file, a prefix of the last good one, top-level keys gone from a file rewritten in place. @defaultValue `1500` */
  readonly suspectMs: number;
  /** After how long of unstable bytes `E_UNSTABLE` is reported, once. Looking goes on. @defaultValue `5000` */
  readonly unstableLimitMs: number;
  /** Shortest time between two loads that changed or refused something. @defaultValue `1000` */
  readonly minIntervalMs: number;
  /** Time between two looks of the manager's own net, which finds what a watcher lost; varied by a tenth. @defaultValue `2000` */
  readonly reconcileMs: number;
}

/** Measured: 200 ms of quiet and two equal looks let no half-written file of a pausing writer through; 100 ms did. */
export const DEFAULT_SETTLE_MS = 200;
/** A file that is written without pause is tried within human patience. */
export const DEFAULT_MAX_WAIT_MS = 1500;
/** Longer than the pauses of a writer that flushes in chunks. */
export const DEFAULT_STABLE_FOR_MS = 100;
/** A net look, the hold and the proof together stay below 5 s: 2200 + 200 + 1500 + 100. */
export const DEFAULT_SUSPECT_MS = 1500;
/** The detection promise is 5 s: what is not stable by then is worth a report. */
export const DEFAULT_UNSTABLE_LIMIT_MS = 5000;
/** One reload per second is as fast as an operator can tell apart. */
export const DEFAULT_MIN_INTERVAL_MS = 1000;
/** Half the detection promise, so that a lost hint still leaves time for the proof. */
export const DEFAULT_RECONCILE_MS = 2000;
/** How long the watches outlive the last receiver, so that a page reload does not re-open them. */
export const DEFAULT_LINGER_MS = 5000;
/** Unproved bytes are looked at ever more rarely, up to this pause, so that an endless writer costs one read a second. */
export const UNSTABLE_PAUSE_LIMIT_MS = 1000;
/** At start a file untouched for this long needs no second look: longer than any writer's pause and the 2 s clock of FAT. */
export const QUIET_PROOF_MS = 3000;
/** A file read this soon after its last change may change again within one tick of a coarse clock (FAT: 2 s), so the net reads it once more. */
export const RACY_MS = 2000;
/** Share by which net looks vary, so that processes started together drift apart. */
export const RECONCILE_JITTER = 0.1;
/** First pause before a watch that ended is opened again; the net looks meanwhile. */
export const REARM_BASE_MS = 1000;
/** Longest such pause. */
export const REARM_LIMIT_MS = 60_000;
/** How long a file may be gone before a layer with `onMissing: 'error'` is refused. */
export const DEFAULT_MISSING_GRACE_MS = 10_000;

const defaults: Timing = {
  settleMs: DEFAULT_SETTLE_MS,
  maxWaitMs: DEFAULT_MAX_WAIT_MS,
  stableForMs: DEFAULT_STABLE_FOR_MS,
  suspectMs: DEFAULT_SUSPECT_MS,
  unstableLimitMs: DEFAULT_UNSTABLE_LIMIT_MS,
  minIntervalMs: DEFAULT_MIN_INTERVAL_MS,
  reconcileMs: DEFAULT_RECONCILE_MS,
};

/** Fills in the defaults and refuses what is not a duration. */
export function resolveTiming(timing: Partial<Timing> = {}): Timing {
  requireKnownKeys('timing', timing, Object.keys(defaults));
  const resolved = { ...defaults, ...timing };
  for (const [key, value] of Object.entries(resolved)) requireDuration(`timing.${key}`, value);
  if (resolved.reconcileMs === 0) {
    throw new TypeError('timing.reconcileMs: wanted a duration above 0 in milliseconds, got 0');
  }
  return resolved;
}

/** Throws a `TypeError` unless the value is a finite number of milliseconds, 0 or more. */
export function requireDuration(option: string, value: unknown): asserts value is number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw refusal(option, 'a finite duration of 0 or more in milliseconds', value);
  }
}
