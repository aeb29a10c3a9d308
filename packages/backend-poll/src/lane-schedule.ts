import { LANES, type Lane, type LaneCounts } from './cadence.ts';

/**
 * Part of the shortest interval in use by which a lane may be swept early when a sweep is made anyway: what
 * runs at one pace comes to be swept together, at the price of one sweep that comes early.
 */
export const EARLY_SHARE = 0.25;

/** When each lane is to be swept next. All times are of one monotonic clock, in milliseconds. */
export class LaneSchedule {
  readonly #due: Record<Lane, number> = { hot: 0, warm: 0, cold: 0 };
  readonly #ready: Record<Lane, number> = { hot: 0, warm: 0, cold: 0 };

  /** The lanes whose time has come, or nearly so. */
  readyAt(now: number): readonly Lane[] {
    return LANES.filter((lane) => this.#ready[lane] <= now);
  }

  /**
   * Takes in that `lanes` were swept until `now`: what is slow is looked at less often, never more
   * than once at a time. A lane that was not swept keeps its time unless its interval became shorter.
   */
  swept(
    lanes: readonly Lane[],
    now: number,
    intervals: Readonly<Record<Lane, number>>,
    counts: LaneCounts,
  ): void {
    const early = soonest(intervals, counts) * EARLY_SHARE;
    for (const lane of LANES) {
      const due = now + intervals[lane];
      if (!lanes.includes(lane) && this.#due[lane] <= due) continue;
      this.#due[lane] = due;
      this.#ready[lane] = due - early;
    }
  }

  /** When the next sweep is due. */
  nextDue(counts: LaneCounts): number {
    return soonest(this.#due, counts);
  }

  /** From when on the next sweep may be made. */
  nextReady(counts: LaneCounts): number {
    return soonest(this.#ready, counts);
  }
}

/** The warm lane counts even when it is empty: the root and live names are in none. */
function soonest(times: Readonly<Record<Lane, number>>, counts: LaneCounts): number {
  let time = times.warm;
  if (counts.hot > 0) time = Math.min(time, times.hot);
  if (counts.cold > 0) time = Math.min(time, times.cold);
  return time;
}
