import type { LaneCounts } from './cadence.ts';
import type { Look } from './disk-reader.ts';
import type { Sweep } from './sweep.ts';

/** One look at what a subscription covers, as whoever makes the reads sees it. Ends with exactly one call of `end` or `fail`. */
export interface SweepJob {
  /** Whether its reads tell what a look costs: the first sweep makes the table, at several times that. */
  readonly isTelling: boolean;
  /** Judges the root; `null` when there is nothing to sweep. */
  begin(look: Look): Sweep | null;
  /** Passes on what was found so far. */
  progress(): void;
  /** Takes in that it is over, also when it was given up. */
  end(): void;
  /** Takes in a defect. */
  fail(cause: unknown): void;
}

/** Adds up two counts. */
export function addCounts(one: LaneCounts, other: LaneCounts): LaneCounts {
  return { hot: one.hot + other.hot, warm: one.warm + other.warm, cold: one.cold + other.cold };
}
