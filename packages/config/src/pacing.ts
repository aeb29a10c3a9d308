import type { Timing } from './timing.ts';

/**
 * What decides when the files are looked at next. Every function returns a new state; nothing here
 * knows of clocks or timers.
 */
export interface Pace {
  /** The first hint since the last look began. */
  readonly firstHintAt: number | undefined;
  /** The last one. */
  readonly lastHintAt: number | undefined;
  /** When a proof that is under way, or a caller, wants the next look. */
  readonly lookAt: number | undefined;
  /** Looks asked for by hints or proofs wait until then. */
  readonly notBefore: number;
}

/** Nothing asked for, nothing held back. */
export const restingPace: Pace = {
  firstHintAt: undefined,
  lastHintAt: undefined,
  lookAt: undefined,
  notBefore: -Infinity,
};

/** Something may have changed. */
export function hinted(pace: Pace, now: number): Pace {
  return { ...pace, firstHintAt: pace.firstHintAt ?? now, lastHintAt: now };
}

/** A look is wanted at a time; an earlier wish stands. */
export function lookWanted(pace: Pace, at: number): Pace {
  return { ...pace, lookAt: Math.min(pace.lookAt ?? Infinity, at) };
}

/** A caller wants a look now: neither quiet nor the minimum interval is waited for. */
export function lookDemanded(pace: Pace, now: number): Pace {
  return { ...pace, lookAt: now, notBefore: -Infinity };
}

/** A look begins: it answers every hint up to now. */
export function lookBegun(pace: Pace): Pace {
  return { ...restingPace, notBefore: pace.notBefore };
}

/** A load changed or refused something: the next one keeps its distance. */
export function loadEnded(pace: Pace, now: number, timing: Timing): Pace {
  return { ...pace, notBefore: now + timing.minIntervalMs };
}

/** When the next look is due, or `undefined` when none is wanted. */
export function dueAt(pace: Pace, timing: Timing): number | undefined {
  const quiet =
    pace.firstHintAt === undefined || pace.lastHintAt === undefined
      ? Infinity
      : Math.min(pace.lastHintAt + timing.settleMs, pace.firstHintAt + timing.maxWaitMs);
  const due = Math.min(quiet, pace.lookAt ?? Infinity);
  return due === Infinity ? undefined : Math.max(due, pace.notBefore);
}
