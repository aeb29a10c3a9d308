/** Wait before what could not be read is looked at again, in milliseconds: a scanner or a backup often lets go that soon. */
export const FIRST_RETRY_MS = 100;

/** The wait doubles up to this, in milliseconds: what becomes readable is seen in less than 5 s. */
export const MAX_RETRY_MS = 4000;

/** Time allowed for each path that cannot be read, in milliseconds: many forbidden directories are asked for less often. */
export const RETRY_MS_PER_PATH = 10;

/** When to look again at what could not be read. */
export class RetryPace {
  #delayMs = FIRST_RETRY_MS;

  /** Something new cannot be read. */
  hurry(): void {
    this.#delayMs = FIRST_RETRY_MS;
  }

  /** The wait before the next look, where so many paths cannot be read. */
  next(paths: number): number {
    const delayMs = Math.max(this.#delayMs, paths * RETRY_MS_PER_PATH);
    this.#delayMs = Math.min(MAX_RETRY_MS, this.#delayMs * 2);
    return delayMs;
  }
}
