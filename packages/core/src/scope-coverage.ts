import type { ChangeOrigin } from './change.ts';
import type { Clock, Timer } from './clock.ts';
import type { AbsPath } from './entry.ts';
import type { WatchError } from './errors.ts';
import { RetryPace } from './retry-pace.ts';
import { UncoveredPaths } from './uncovered-paths.ts';
import { UnreadablePaths } from './unreadable-paths.ts';

/** Time between two looks at what no backend covers, in milliseconds, counted from the end of the first. */
export const UNCOVERED_POLL_MS = 1000;

/** Share of the time that these looks may take: what polling the place would be allowed. */
export const UNCOVERED_SHARE = 0.02;

/** What the coverage of a scope needs of it. */
export interface CoverageHost {
  readonly root: AbsPath;
  problem(error: WatchError): void;
  /** What is covered changed. */
  coverageMoved(): void;
  /** Queues what lies at or below a path. */
  seedUnder(path: AbsPath, origin: ChangeOrigin): void;
  /** Whether nothing is at a path, as far as it can be told, or it is not followed. */
  isAbsent(path: AbsPath): boolean;
  /** Resolves when everything that `seed` adds has been looked at and told, or the scope is over. */
  pass(seed: () => void): Promise<void>;
}

/** What of a scope cannot be seen at present: paths that no backend covers are polled, those that cannot be read are tried again. */
export class ScopeCoverage {
  /** What could not be looked at. */
  readonly unreadable: UnreadablePaths;
  readonly #host: CoverageHost;
  readonly #clock: Clock;
  readonly #uncovered: UncoveredPaths;
  readonly #pace = new RetryPace();
  #polling: Timer | null = null;
  #retrying: Timer | null = null;
  #retryAt = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(host: CoverageHost, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
    this.#uncovered = new UncoveredPaths(host.root);
    this.unreadable = new UnreadablePaths((error) => this.#news(error));
  }

  /** Whether something is not covered. */
  get partial(): boolean {
    return this.#uncovered.size > 0 || this.unreadable.size > 0;
  }

  /** What is not covered, or could not be looked at. */
  list(): readonly AbsPath[] {
    return [...new Set([...this.#uncovered.list(), ...this.unreadable.list()])];
  }

  /** A backend does not cover something. */
  degraded(error: WatchError): void {
    if (error.effect === 'noted') {
      this.#host.problem(error);
      return;
    }
    const problem = this.#uncovered.add(error);
    if (problem !== null) this.#host.problem(problem);
    this.#host.coverageMoved();
    this.#pollLater(UNCOVERED_POLL_MS);
  }

  /** A backend covers what is at or below some paths. */
  covered(under: readonly AbsPath[]): void {
    let moved = false;
    for (const path of under) if (this.#uncovered.delete(path)) moved = true;
    if (moved) this.#host.coverageMoved();
  }

  /** Looks at nothing any more. */
  close(): void {
    this.#closed = true;
    this.#polling?.cancel();
    this.#retrying?.cancel();
  }

  #news(error: WatchError | undefined): void {
    if (error !== undefined) {
      this.#host.problem(error);
      this.#pace.hurry();
      this.#retryLater();
    }
    this.#host.coverageMoved();
  }

  #retryLater(): void {
    if (this.#closed) return;
    const delayMs = this.#pace.next(this.unreadable.size);
    const at = this.#clock.now() + delayMs;
    // What cannot be read since never puts off what waits already.
    if (at >= this.#retryAt) return;
    this.#retryAt = at;
    this.#retrying?.cancel();
    this.#retrying = this.#later(() => {
      this.#retryAt = Number.POSITIVE_INFINITY;
      for (const path of this.unreadable.list()) this.#host.seedUnder(path, 'rescan');
      if (this.unreadable.size > 0) this.#retryLater();
    }, delayMs);
  }

  #pollLater(ms: number): void {
    if (this.#closed || this.#polling !== null) return;
    this.#polling = this.#later(() => void this.#poll(), ms);
  }

  async #poll(): Promise<void> {
    const startedAt = this.#clock.now();
    const paths = this.#uncovered.list();
    await this.#host.pass(() => {
      for (const path of paths) this.#host.seedUnder(path, 'poll');
    });
    this.#polling = null;
    const gone = paths.filter((path) => this.#host.isAbsent(path));
    this.covered(gone);
    const took = this.#clock.now() - startedAt;
    if (this.#uncovered.size > 0)
      this.#pollLater(Math.max(UNCOVERED_POLL_MS, took / UNCOVERED_SHARE));
  }

  #later(fn: () => void, ms: number): Timer {
    const timer = this.#clock.setTimeout(fn, ms);
    timer.unref();
    return timer;
  }
}
