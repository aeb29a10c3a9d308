import { LANES, type Lane, type LaneCosts, type LaneCounts } from './cadence.ts';

interface Charge {
  readonly costs: LaneCosts;
  readonly entries: number;
}

/** Adds up what the subscriptions of one backend cost, because its budget is one for all of them. */
export class CostLedger {
  readonly #charges = new Map<object, Charge>();
  readonly #totals: Record<Lane, number> = { hot: 0, warm: 0, cold: 0 };
  #entries = 0;

  /** What all subscriptions cost. */
  get totals(): LaneCosts {
    return this.#totals;
  }

  /** How many entries all subscriptions look at. */
  get entries(): number {
    return this.#entries;
  }

  /** How many subscriptions there are. */
  get owners(): number {
    return this.#charges.size;
  }

  /** Replaces what `owner` costs. */
  charge(owner: object, costs: LaneCosts, counts: LaneCounts): void {
    const former = this.#charges.get(owner);
    const entries = counts.hot + counts.warm + counts.cold;
    this.#charges.set(owner, { costs, entries });
    this.#entries += entries - (former?.entries ?? 0);
    for (const lane of LANES) this.#totals[lane] += costs[lane] - (former?.costs[lane] ?? 0);
  }

  /** Forgets `owner`. */
  release(owner: object): void {
    const former = this.#charges.get(owner);
    if (former === undefined) return;
    this.#charges.delete(owner);
    this.#entries -= former.entries;
    // Sums of fractions drift: nothing left is exactly nothing.
    for (const lane of LANES) {
      this.#totals[lane] = this.#charges.size === 0 ? 0 : this.#totals[lane] - former.costs[lane];
    }
  }
}
