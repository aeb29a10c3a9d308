/** How often an entry is looked at: `hot` just changed, `cold` has not changed for long. */
export type Lane = 'hot' | 'warm' | 'cold';

/** The lanes, the most frequent one first. */
export const LANES: readonly Lane[] = ['hot', 'warm', 'cold'];

/** How much more often than the interval a hot entry is looked at. */
export const HOT_RATE = 4;

/** Unchanged looks after which a hot entry is warm: five seconds at the default interval, longer than a pause between two lines. */
export const HOT_LOOKS = 20;

/** Unchanged looks after which a warm entry is cold: a quarter of a minute at the default interval. */
export const WARM_LOOKS = 15;

/** Most of the budget that the hot lane may take, so that one busy directory does not starve the rest. */
export const HOT_SHARE = 0.5;

/** Share of the budget for the cold lane: what never changes is worth the least. */
export const COLD_SHARE = 0.25;

/** What the intervals depend on. */
export interface Load {
  readonly counts: Readonly<Record<Lane, number>>;
  /** CPU time of one look, in milliseconds. */
  readonly lookCostMs: number;
}

/** What is asked for. */
export interface Pace {
  readonly intervalMs: number;
  readonly maxIntervalMs: number;
  readonly budget: number;
}

/** The interval of each lane, in milliseconds: as asked for while that fits the budget, stretched where not, never past the ceiling. */
export function intervals(pace: Pace, load: Load): Readonly<Record<Lane, number>> {
  const ceiling = Math.max(pace.maxIntervalMs, pace.intervalMs);
  const cost = (lane: Lane): number => load.counts[lane] * load.lookCostMs;
  const affordable = (lane: Lane, share: number, wanted: number): number =>
    Math.min(ceiling, Math.max(wanted, cost(lane) / share));
  const hot = affordable('hot', pace.budget * HOT_SHARE, pace.intervalMs / HOT_RATE);
  const cold = affordable('cold', pace.budget * COLD_SHARE, pace.intervalMs);
  const left = pace.budget - cost('hot') / hot - cost('cold') / cold;
  const warm = affordable('warm', Math.max(left, pace.budget * COLD_SHARE), pace.intervalMs);
  return { hot, warm, cold };
}

/** The lane of an entry after another look that found it unchanged. */
export function laneAfterUnchanged(lane: Lane, unchangedLooks: number): Lane {
  if (lane === 'hot' && unchangedLooks >= HOT_LOOKS) return 'warm';
  if (lane === 'warm' && unchangedLooks >= WARM_LOOKS) return 'cold';
  return lane;
}
