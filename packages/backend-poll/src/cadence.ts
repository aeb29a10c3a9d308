/** How often an entry is looked at: `hot` just changed, `cold` has not changed for long. */
export type Lane = 'hot' | 'warm' | 'cold';

/** The lanes, the most frequent one first. */
export const LANES: readonly Lane[] = ['hot', 'warm', 'cold'];

/** How much more often than the interval a hot entry is looked at. */
export const HOT_RATE = 4;

/** Intervals without a change after which a hot entry is warm: longer than a pause between two lines. */
export const HOT_INTERVALS = 5;

/** Further intervals without a change after which it is cold: who comes back after a thought is found soon. */
export const WARM_INTERVALS = 15;

/** Most of the budget that the hot lane may take, so that one busy directory does not starve the rest. */
export const HOT_SHARE = 0.5;

/** Share of the budget for the cold lane: what never changes is worth the least. */
export const COLD_SHARE = 0.25;

/**
 * Share of one CPU up to which the longest interval is kept although the budget is spent: a tenth is
 * what an operator notices. Beyond it the longest interval is stretched as well.
 */
export const HARD_SHARE = 0.1;

/** How many entries, or reads, there are in each lane. */
export type LaneCounts = Readonly<Record<Lane, number>>;

/** None in any lane. */
export const NO_COUNTS: LaneCounts = { hot: 0, warm: 0, cold: 0 };

/** CPU time in milliseconds that looking once at everything in each lane takes. */
export type LaneCosts = Readonly<Record<Lane, number>>;

/** What is asked for. */
export interface Pace {
  readonly intervalMs: number;
  readonly maxIntervalMs: number;
  readonly budget: number;
}

/** How often the lanes are swept, and what that costs. */
export interface Plan {
  /** The interval of each lane, in milliseconds. */
  readonly intervals: Readonly<Record<Lane, number>>;
  /** Share of one CPU that these intervals take. */
  readonly share: number;
}

/**
 * Plans the lanes: as asked for while that fits the budget, stretched up to the longest interval where
 * not, and past that where even the longest interval takes more than a process can be asked to give.
 */
export function plan(pace: Pace, costs: LaneCosts): Plan {
  const { budget } = pace;
  const ceiling = ceilingOf(pace);
  const wanted = {
    hot: pace.intervalMs / HOT_RATE,
    warm: pace.intervalMs,
    cold: pace.intervalMs,
  };
  const least = (lane: Lane): number => costs[lane] / ceiling;
  const granted = (lane: Lane, most: number): number =>
    Math.max(least(lane), Math.min(costs[lane] / wanted[lane], most));
  const hot = granted('hot', Math.min(budget * HOT_SHARE, budget - least('warm') - least('cold')));
  const cold = granted('cold', Math.min(budget * COLD_SHARE, budget - hot - least('warm')));
  const warm = granted('warm', budget - hot - cold);
  const share = hot + warm + cold;
  const stretch = Math.max(1, share / Math.max(budget, HARD_SHARE));
  const interval = (lane: Lane, grant: number): number => {
    // What is asked for is kept to the bit, which a quotient would not.
    if (grant * wanted[lane] >= costs[lane]) return wanted[lane] * stretch;
    return Math.min(ceiling, costs[lane] / grant) * stretch;
  };
  return {
    intervals: {
      hot: interval('hot', hot),
      warm: interval('warm', warm),
      cold: interval('cold', cold),
    },
    share: share / stretch,
  };
}

/** The longest interval that is kept while looking takes less than {@link HARD_SHARE}. */
export function ceilingOf(pace: Pace): number {
  return Math.max(pace.maxIntervalMs, pace.intervalMs);
}

/** A lane, and when an entry leaves it if nothing changes. */
export interface Stay {
  readonly lane: Lane;
  readonly until: number;
}

/** Where an entry belongs that does not change. */
export const UNCHANGING: Stay = { lane: 'cold', until: Number.POSITIVE_INFINITY };

/** Where an entry belongs that changed `ageMs` before `now`; a time in the future counts as now. */
export function stayFor(intervalMs: number, ageMs: number, now: number): Stay {
  const hotMs = HOT_INTERVALS * intervalMs;
  const warmMs = hotMs + WARM_INTERVALS * intervalMs;
  const age = Math.max(0, ageMs);
  if (age < hotMs) return { lane: 'hot', until: now + hotMs - age };
  if (age < warmMs) return { lane: 'warm', until: now + warmMs - age };
  return UNCHANGING;
}

/** Where an entry belongs whose time in `lane` ended at `now` without a change. */
export function stayAfter(lane: Lane, intervalMs: number, now: number): Stay {
  if (lane === 'hot') return { lane: 'warm', until: now + WARM_INTERVALS * intervalMs };
  return UNCHANGING;
}
