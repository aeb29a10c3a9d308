import { LANES, type Lane, type LaneCosts } from './cadence.ts';

/** Adds up what the subscriptions of one backend cost, because its budget is one for all of them. */
export class CostLedger {
  readonly #entries = new Map<object, LaneCosts>();
  readonly #totals: Record<Lane, number> = { hot: 0, warm: 0, cold: 0 };

  /** What all subscriptions cost. */
  get totals(): LaneCosts {
    return this.#totals;
  }

  /** Replaces what `owner` costs. */
  charge(owner: object, costs: LaneCosts): void {
    const former = this.#entries.get(owner);
    this.#entries.set(owner, costs);
    for (const lane of LANES) this.#totals[lane] += costs[lane] - (former?.[lane] ?? 0);
  }

  /** Forgets `owner`. */
  release(owner: object): void {
    const former = this.#entries.get(owner);
    if (former === undefined) return;
    this.#entries.delete(owner);
    // Sums of fractions drift: nothing left is exactly nothing.
    for (const lane of LANES) {
      this.#totals[lane] = this.#entries.size === 0 ? 0 : this.#totals[lane] - former[lane];
    }
  }
}
