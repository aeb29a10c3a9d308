import type { WatchError } from '@watchkeeper/core';
import { LANES, ceilingOf, plan, type Lane, type LaneCounts, type Pace } from './cadence.ts';
import { SWEEP_ALLOWANCE_MS } from './capabilities.ts';
import type { CostLedger } from './cost-ledger.ts';
import { LaneSchedule } from './lane-schedule.ts';
import { overBudget, tooLate } from './poll-failure.ts';
import { RaisedLevel } from './raised-level.ts';
import type { SweepPrices } from './sweep-prices.ts';

/** What a sweep was. All times are of one monotonic clock, in milliseconds. */
export interface SweepRecord {
  readonly lanes: readonly Lane[];
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Slow sweeps in a row that are a fact: one may have waited for whatever else the machine did. */
export const SWEEPS_TO_BELIEVE = 2;

/** Share of the budget above which it counts as overdrawn: a measured price wavers by a tenth and more. */
export const OVERDRAFT_MARGIN = 1.25;

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
  readonly #prices: SweepPrices;
  readonly #purse: Purse;
  readonly #schedule = new LaneSchedule();
  readonly #delay = new RaisedLevel();
  #isOpen = false;
  readonly #tookMs: Record<Lane, readonly number[]> = { hot: [], warm: [], cold: [] };

  constructor(root: string, pace: Pace, prices: SweepPrices, purse: Purse) {
    this.#root = root;
    this.#pace = pace;
    this.#prices = prices;
    this.#purse = purse;
  }

  /** When the lanes are due. */
  get schedule(): LaneSchedule {
    return this.#schedule;
  }

  /** Takes in a sweep; returns a problem when polling here has come to more than was promised. */
  swept(sweep: SweepRecord, counts: LaneCounts): WatchError | undefined {
    // The first sweep makes the table, which takes several times what a look does.
    if (this.#isOpen) this.#learn(sweep);
    this.#isOpen = true;
    const { ledger, overdraft } = this.#purse;
    ledger.charge(this, this.#prices.costsOf(counts), counts);
    const { intervals, share } = plan(this.#pace, ledger.totals);
    this.#schedule.swept(sweep.lanes, sweep.endedAt, intervals, counts);
    const { budget } = this.#pace;
    const worstMs = Math.max(...LANES.map((lane) => this.#latency(lane, counts, intervals)));
    const isLate = this.#isLate(worstMs);
    const isDear = overdraft.isNews(share / (budget * OVERDRAFT_MARGIN));
    if (!isLate && !isDear) return undefined;
    const { entries, owners } = ledger;
    const strain = { root: this.#root, entries, owners, worstMs, share, budget };
    return isLate ? tooLate(strain) : overBudget(strain);
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

  #learn({ lanes, startedAt, endedAt }: SweepRecord): void {
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
}
