/** CPU time of one synchronous look before any was measured, in milliseconds. */
export const SYNC_LOOK_MS = 0.004;

/** CPU time of one asynchronous look before any was measured, in milliseconds: about five synchronous ones. */
export const ASYNC_LOOK_MS = 0.024;

/** How many looks the first guess counts for: less than one sweep of a place where cost matters. */
export const GUESSED_LOOKS = 100;

/** Time after which a measurement counts half, in milliseconds: a few sweeps of the cold lane. */
export const HALF_LIFE_MS = 30_000;

/** Sweeps of which the cheapest counts where looks are asynchronous. */
export const SWEEPS_COMPARED = 8;

/** Looks a sweep needs for its cost per look to say something. */
export const LOOKS_TO_COMPARE = 16;

/** Learns what one look costs at a place. */
export interface LookCost {
  /** CPU time of one look, in milliseconds. */
  readonly milliseconds: number;
  /** Takes in that `looks` took `cpuMs` of CPU time altogether, until `now`. */
  note(looks: number, cpuMs: number, now: number): void;
}

/** For looks in one piece, whose CPU time is theirs alone: an average over the looks of the last sweeps. */
export class SyncLookCost implements LookCost {
  #looks = GUESSED_LOOKS;
  #cpuMs = GUESSED_LOOKS * SYNC_LOOK_MS;
  #notedAt: number | null = null;

  get milliseconds(): number {
    return this.#cpuMs / this.#looks;
  }

  note(looks: number, cpuMs: number, now: number): void {
    if (looks === 0 || cpuMs <= 0) return;
    const kept = 0.5 ** ((now - (this.#notedAt ?? now)) / HALF_LIFE_MS);
    this.#notedAt = now;
    this.#looks = this.#looks * kept + looks;
    this.#cpuMs = this.#cpuMs * kept + cpuMs;
  }
}

/**
 * For looks between which the process does other things: their CPU time includes those, which only
 * ever add, so the cheapest of some sweeps is the nearest to the truth.
 */
export class AsyncLookCost implements LookCost {
  #samples: readonly number[] = [ASYNC_LOOK_MS];

  get milliseconds(): number {
    return Math.min(...this.#samples);
  }

  note(looks: number, cpuMs: number): void {
    if (looks < LOOKS_TO_COMPARE || cpuMs <= 0) return;
    this.#samples = [...this.#samples, cpuMs / looks].slice(-SWEEPS_COMPARED);
  }
}
