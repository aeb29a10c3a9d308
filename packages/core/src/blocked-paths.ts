import type { Clock, Timer } from './clock.ts';
import { RETRY_MS_PER_PATH, RetryPace } from './retry-pace.ts';

/** Paths tried again in one turn of the event loop: each costs a look at every name on its way. */
export const BLOCKED_CHUNK = 64;

/** Somebody who cannot tell where a path leads. */
export interface Blocked {
  /** Finds out whether that has changed. */
  retry(): void;
}

/**
 * Tries blocked paths again from time to time: what blocks a path need not be a name whose change can be
 * seen. All of one watcher share one timer, which never keeps the process alive.
 */
export class BlockedPaths {
  readonly #clock: Clock;
  readonly #blocked = new Set<Blocked>();
  readonly #pace = new RetryPace();
  #round: readonly Blocked[] = [];
  #timer: Timer | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A path is blocked. */
  add(blocked: Blocked): void {
    if (this.#blocked.has(blocked)) return;
    this.#blocked.add(blocked);
    this.#pace.hurry();
    this.#round = [];
    this.#arm();
  }

  /** A path is not blocked, or nobody wants to know. */
  delete(blocked: Blocked): void {
    if (!this.#blocked.delete(blocked) || this.#blocked.size > 0) return;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #arm(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#blocked.size === 0) return;
    const rest = this.#round.length > 0;
    const delayMs = rest ? BLOCKED_CHUNK * RETRY_MS_PER_PATH : this.#pace.next(1);
    this.#timer = this.#clock.setTimeout(() => this.#retry(), delayMs);
    this.#timer.unref();
  }

  #retry(): void {
    const round = this.#round.length > 0 ? this.#round : [...this.#blocked];
    this.#round = round.slice(BLOCKED_CHUNK);
    for (const blocked of round.slice(0, BLOCKED_CHUNK)) {
      if (this.#blocked.has(blocked)) blocked.retry();
    }
    this.#arm();
  }
}
