import type { WatchError } from '@watchkeeper/core';
import { LANES, ceilingOf, plan, type Lane, type LaneCosts, type Pace } from './cadence.ts';
import { SWEEP_ALLOWANCE_MS } from './capabilities.ts';
import type { CostLedger } from './cost-ledger.ts';
import { LaneSchedule } from './lane-schedule.ts';
import type { LookCost } from './look-cost.ts';
import { tooMuch } from './poll-failure.ts';
import { RaisedLevel } from './raised-level.ts';

/** How many entries each lane holds. */
export type LaneCounts = Readonly<Record<Lane, number>>;

/** What a sweep was. All times are of one monotonic clock, in milliseconds. */
export interface SweepRecord {
  readonly lanes: readonly Lane[];
  readonly reads: number;
  readonly cpuMs: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Slow sweeps in a row that are a fact: one may have waited for whatever else the machine did. */
export const SWEEPS_TO_BELIEVE = 2;

/** What the subscriptions of one backend pay from. */
export interface Purse {
  readonly ledger: CostLedger;
  /** By how much the budget is overdrawn: one figure, told once for all. */
  readonly overdraft: RaisedLevel;
}

/** Decides when one subscription sweeps which lanes, from what its sweeps cost and took. */
export class Pacer {
  readonly #root: string;
  readonly #pace: Pace;
  readonly #look: Readonly<Record<Lane, LookCost>>;
  readonly #purse: Purse;
  readonly #schedule = new LaneSchedule();
  readonly #delay = new RaisedLevel();
  #isOpen = false;
  readonly #tookMs: Record<Lane, readonly number[]> = { hot: [], warm: [], cold: [] };

  constructor(root: string, pace: Pace, newCost: () => LookCost, purse: Purse) {
    this.#root = root;
    this.#pace = pace;
    this.#look = { hot: newCost(), warm: newCost(), cold: newCost() };
    this.#purse = purse;
  }

  /** The lanes whose time has come. */
  dueAt(now: number): readonly Lane[] {
    return this.#schedule.dueAt(now);
  }

  /** When the next lane is due. */
  next(counts: LaneCounts): number {
    return this.#schedule.next(counts);
  }

  /** Takes in a sweep; returns a problem when polling here has come to more than was promised. */
  swept(sweep: SweepRecord, counts: LaneCounts): WatchError | undefined {
    if (this.#isOpen) this.#learn(sweep, counts);
    this.#isOpen = true;
    const { ledger, overdraft } = this.#purse;
    ledger.charge(this, this.#costs(counts));
    const { intervals, share } = plan(this.#pace, ledger.totals);
    this.#schedule.swept(sweep.lanes, sweep.endedAt, intervals);
    const { budget } = this.#pace;
    const worstMs = Math.max(...LANES.map((lane) => this.#latency(lane, counts, intervals)));
    const isLate = this.#isLate(worstMs);
    const isDear = overdraft.isNews(share / budget);
    if (!isLate && !isDear) return undefined;
    const entries = LANES.reduce((sum, lane) => sum + counts[lane], 0);
    return tooMuch({ root: this.#root, entries, worstMs, share, budget });
  }

  /** Longest time from a change to its touch that is promised, in milliseconds. */
  get promisedMs(): number {
    return ceilingOf(this.#pace) + SWEEP_ALLOWANCE_MS;
  }

  /** Takes in that a sweep has taken `ms` and goes on; `true` when that is to be told. */
  isStuck(ms: number): boolean {
    return this.#isLate(this.#pace.intervalMs + ms);
  }

  /** Pays for nothing any more. */
  close(): void {
    this.#purse.ledger.release(this);
  }

  #isLate(worstMs: number): boolean {
    return this.#delay.isNews(worstMs / this.promisedMs);
  }

  /** Not from the first sweep, which makes the table at several times the cost of a look. */
  #learn({ lanes, reads, cpuMs, startedAt, endedAt }: SweepRecord, counts: LaneCounts): void {
    // What has changed costs several times a look that shows nothing new, so each lane has its own price.
    const [most] = [...lanes].sort((a, b) => counts[b] - counts[a]);
    if (most !== undefined) this.#look[most].note(reads, cpuMs, endedAt);
    for (const lane of lanes) {
      this.#tookMs[lane] = [...this.#tookMs[lane], endedAt - startedAt].slice(-SWEEPS_TO_BELIEVE);
    }
  }

  /** Time from a change to its touch: the pause between two sweeps, and a sweep, in which it is met last. */
  #latency(lane: Lane, counts: LaneCounts, intervals: Readonly<Record<Lane, number>>): number {
    if (counts[lane] === 0) return 0;
    const took = this.#tookMs[lane];
    return intervals[lane] + (took.length < SWEEPS_TO_BELIEVE ? 0 : Math.min(...took));
  }

  #costs(counts: LaneCounts): LaneCosts {
    return {
      hot: counts.hot * this.#look.hot.milliseconds,
      warm: counts.warm * this.#look.warm.milliseconds,
      cold: counts.cold * this.#look.cold.milliseconds,
    };
  }
}
