import { LANES, type Lane, type LaneCosts, type LaneCounts } from './cadence.ts';
import type { LookCost } from './look-cost.ts';

/** What a look in each lane costs: what has changed costs several times a look that shows nothing new. */
export class SweepPrices {
  readonly #looks: Readonly<Record<Lane, LookCost>>;

  constructor(newCost: () => LookCost) {
    this.#looks = { hot: newCost(), warm: newCost(), cold: newCost() };
  }

  /** What one look at everything costs. */
  costsOf(counts: LaneCounts): LaneCosts {
    return {
      hot: counts.hot * this.#looks.hot.milliseconds,
      warm: counts.warm * this.#looks.warm.milliseconds,
      cold: counts.cold * this.#looks.cold.milliseconds,
    };
  }

  /** Takes in what reads in some lanes took together: split as the prices so far say, which reads of one lane correct. */
  note(reads: LaneCounts, cpuMs: number, now: number): void {
    const costs = this.costsOf(reads);
    const sum = LANES.reduce((total, lane) => total + costs[lane], 0);
    if (sum === 0) return;
    for (const lane of LANES) this.#looks[lane].note(reads[lane], (cpuMs * costs[lane]) / sum, now);
  }
}
