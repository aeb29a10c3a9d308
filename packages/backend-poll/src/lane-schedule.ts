import { LANES, type Lane } from './cadence.ts';

/** When each lane is to be swept next. All times are of one monotonic clock, in milliseconds. */
export class LaneSchedule {
  readonly #due = new Map<Lane, number>();

  /** The lanes whose time has come. */
  dueAt(now: number): readonly Lane[] {
    return LANES.filter((lane) => this.#dueOf(lane) <= now);
  }

  /**
   * Takes in that `lanes` were swept until `now`: what is slow is looked at less often, never more
   * than once at a time. A lane that was not swept keeps its time unless its interval became shorter.
   */
  swept(lanes: readonly Lane[], now: number, intervals: Readonly<Record<Lane, number>>): void {
    for (const lane of LANES) {
      const next = now + intervals[lane];
      this.#due.set(lane, lanes.includes(lane) ? next : Math.min(this.#dueOf(lane), next));
    }
  }

  /** When the next sweep is due. The warm lane counts even when it is empty: the root and live names are in none. */
  next(counts: Readonly<Record<Lane, number>>): number {
    const waiting = LANES.filter((lane) => lane === 'warm' || counts[lane] > 0);
    return Math.min(...waiting.map((lane) => this.#dueOf(lane)));
  }

  #dueOf(lane: Lane): number {
    return this.#due.get(lane) ?? 0;
  }
}
