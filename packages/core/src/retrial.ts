import type { Clock } from './clock.ts';
import { Pause } from './pause.ts';

/** Wait before the backends are tried again after a live subscription ended and none took over: long enough not to spin, in milliseconds. */
export const REOPEN_DELAY_MS = 1000;

/** The wait doubles up to this, in milliseconds: a repaired mount is found again within half a minute. */
export const MAX_REOPEN_DELAY_MS = 30_000;

/** Wait before a backend that was wanted more is tried again beside the one that took over: a limit is raised by a person, in milliseconds. */
export const RETURN_DELAY_MS = 60_000;

/** The wait doubles up to this, in milliseconds: trying costs a walk of the tree, so a quarter of an hour. */
export const MAX_RETURN_DELAY_MS = 900_000;

/** How long to wait between attempts, in milliseconds; the wait doubles from the first to the longest. */
export interface RetrialPace {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** How a scope that nothing serves is tried again. */
export const reopenPace: RetrialPace = { firstMs: REOPEN_DELAY_MS, longestMs: MAX_REOPEN_DELAY_MS };

/** How a backend that was wanted more is tried again. */
export const returnPace: RetrialPace = { firstMs: RETURN_DELAY_MS, longestMs: MAX_RETURN_DELAY_MS };

/** Tries something again and again, with waits that double, until it succeeds or is not wanted any more. */
export class Retrial {
  readonly #pace: RetrialPace;
  readonly #pause: Pause;
  #referenced = false;
  /** Grows with every run: a former one stops. */
  #run = 0;

  constructor(clock: Clock, pace: RetrialPace) {
    this.#pause = new Pause(clock);
    this.#pace = pace;
  }

  /** Waits, then tries, until `attempt` says that there is nothing left to try. `referenced` says whether waiting keeps the process alive. */
  async run(attempt: () => Promise<boolean>, referenced: boolean): Promise<void> {
    const run = ++this.#run;
    this.#referenced = referenced;
    const { firstMs, longestMs } = this.#pace;
    for (let delay = firstMs; ; delay = Math.min(delay * 2, longestMs)) {
      const waited = await this.#pause.wait(delay, this.#referenced);
      if (!waited || run !== this.#run || (await attempt()) || run !== this.#run) return;
    }
  }

  /** Sets whether waiting keeps the process alive. */
  refer(referenced: boolean): void {
    this.#referenced = referenced;
    this.#pause.refer(referenced);
  }

  /** Tries no more; an attempt that is under way is the last. */
  end(): void {
    this.#run++;
    this.#pause.end();
  }
}
