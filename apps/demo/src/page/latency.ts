/** How many samples the shown median is taken from. */
const WINDOW = 50;

/** Collects how old live messages are when they arrive, and tells the median. */
export class LatencyMeter {
  readonly #samples: number[] = [];

  /** Adds a message's own time; one without a usable time does not count. */
  add(timestamp: string | null, now: number): void {
    const age = timestamp === null ? Number.NaN : now - Date.parse(timestamp);
    // Older than a minute is not a live message but one that is caught up on.
    if (Number.isNaN(age) || age < 0 || age > 60_000) return;
    this.#samples.push(age);
    if (this.#samples.length > WINDOW) this.#samples.shift();
  }

  /** The median in milliseconds, or `null` without samples. */
  median(): number | null {
    const sorted = this.#samples.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? null;
  }
}
