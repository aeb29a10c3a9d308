import type { Clock } from '@watchkeeper/core';
import { ConfigError } from './errors.ts';
import type { Load, Loader, Look } from './loader.ts';
import {
  dueAt,
  hinted,
  loadEnded,
  lookBegun,
  lookDemanded,
  lookWanted,
  restingPace,
} from './pacing.ts';
import type { Pace } from './pacing.ts';
import type { Reason } from './snapshot.ts';
import type { Cancel, TimerSet } from './timer-set.ts';
import { UNSTABLE_PAUSE_LIMIT_MS } from './timing.ts';
import type { Timing } from './timing.ts';

/** What became of a load. */
export interface Judgement<R> {
  readonly result: R;
  /** Whether it changed or refused something. */
  readonly eventful: boolean;
}

/** What the owner of a loop decides about a finished load. */
export interface LoopOwner<T, R> {
  /** Publishes a load or refuses it. Must not throw. */
  judge(load: Load<T>, reason: Reason): Judgement<R>;
  /** The files are as they were judged last; a spell of instability, if there was one, is over. */
  standing(): R;
  /** The files have been changing for too long; called once per spell. */
  unstable(error: ConfigError): R;
}

interface Waiter<R> {
  readonly reason: Reason;
  readonly force: boolean;
  readonly resolve: (result: R) => void;
  readonly reject: (error: ConfigError) => void;
}

/** Looks at the files when it should, never twice at once, and hands on what was proved. */
export class ReloadLoop<T, R> {
  /** Loads: what was proved was merged and validated. */
  attempts = 0;
  /** Changes that only the net found. */
  missedHints = 0;
  /** Monotonic time of the last look that found the files as they were judged. */
  verifiedAt: number | undefined;
  readonly #loader: Loader<T>;
  readonly #owner: LoopOwner<T, R>;
  readonly #timing: Timing;
  readonly #clock: Clock;
  readonly #timers: TimerSet;
  #pace: Pace = restingPace;
  readonly #waiting: Waiter<R>[] = [];
  #running = false;
  #closed = false;
  #cancel: Cancel | undefined;
  #release: (() => void) | undefined;
  #unstableSince: number | undefined;
  #unstable: { readonly result: R } | undefined;
  #restarts = 0;
  #netWaits = false;
  readonly #onIdle: () => void;

  constructor(parts: {
    readonly loader: Loader<T>;
    readonly owner: LoopOwner<T, R>;
    readonly timing: Timing;
    readonly clock: Clock;
    readonly timers: TimerSet;
    readonly onIdle: () => void;
  }) {
    this.#loader = parts.loader;
    this.#owner = parts.owner;
    this.#timing = parts.timing;
    this.#clock = parts.clock;
    this.#timers = parts.timers;
    this.#onIdle = parts.onIdle;
  }

  /** Whether nothing is under way or due. */
  get idle(): boolean {
    return this.#closed || (!this.#running && dueAt(this.#pace, this.#timing) === undefined);
  }

  /** Whether something that was found is still being proved. */
  get proving(): boolean {
    return this.#unstableSince !== undefined;
  }

  /** Something may have changed. */
  hint(): void {
    if (this.#closed) return;
    this.#netWaits = false;
    this.#pace = hinted(this.#pace, this.#clock.now());
    this.#arm();
  }

  /** A look for what no hint told of; costs one stat per file while nothing changed. */
  sweep(): void {
    if (this.#closed || !this.idle) return;
    this.#netWaits = true;
    this.#pace = lookWanted(this.#pace, this.#clock.now());
    this.#arm();
  }

  /** Looks now, and resolves when what was found is judged. A call made while files are being read gets the next look. */
  demand(reason: Reason, force: boolean): Promise<R> {
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    if (this.#closed) {
      reject(closedError());
      return promise;
    }
    this.#waiting.push({ reason, force, resolve, reject });
    this.#release ??= this.#timers.hold();
    this.#pace = lookDemanded(this.#pace, this.#clock.now());
    this.#arm();
    return promise;
  }

  /** Ends the loop; waiting calls are rejected. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancel?.();
    for (const waiter of this.#waiting.splice(0)) waiter.reject(closedError());
    this.#settleHold();
  }

  #arm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#closed || this.#running) return;
    const due = dueAt(this.#pace, this.#timing);
    if (due === undefined) {
      this.#onIdle();
      return;
    }
    const wait = due - this.#clock.now();
    if (wait <= 0) void this.#run();
    else this.#cancel = this.#timers.set(wait, () => void this.#run());
  }

  /** One look and what follows from it. Never rejects. */
  async #run(): Promise<void> {
    this.#running = true;
    this.#pace = lookBegun(this.#pace);
    const waiters = this.#waiting.splice(0);
    const answer = await this.#look(waiters);
    this.#running = false;
    if (this.#closed) {
      for (const waiter of waiters) waiter.reject(closedError());
      return;
    }
    if (answer === undefined) this.#waiting.unshift(...waiters);
    else for (const waiter of waiters) waiter.resolve(answer.result);
    this.#settleHold();
    this.#arm();
  }

  /** `undefined` while what was found is not proved. */
  async #look(waiters: readonly Waiter<R>[]): Promise<{ readonly result: R } | undefined> {
    const force = waiters.some((waiter) => waiter.force);
    const look = await this.#loader.look({
      now: this.#clock.now(),
      wallNow: this.#clock.wallNow(),
      force,
      swept: this.#netWaits && waiters.length === 0,
      timing: this.#timing,
    });
    if (this.#closed) return undefined;
    const missed = this.#countMiss(look);
    if (look.kind === 'same') {
      this.#calm();
      this.verifiedAt = this.#clock.now();
      return { result: this.#owner.standing() };
    }
    if (look.kind === 'unproved') return this.#unproved(look.againAt, look.restarted, missed);
    this.attempts++;
    const load = await this.#loader.load();
    const whole = await this.#loader.verify();
    if (this.#closed) return undefined;
    if (!whole) return this.#unproved(this.#clock.now() + this.#timing.stableForMs, true, false);
    this.#calm();
    this.#loader.commit(load.ok);
    this.verifiedAt = this.#clock.now();
    const reason = waiters[0]?.reason ?? 'file';
    const { result, eventful } = this.#owner.judge(load, reason);
    // A process that has just started may be reconfigured at once.
    if (eventful && reason !== 'initial')
      this.#pace = loadEnded(this.#pace, this.#clock.now(), this.#timing);
    return { result };
  }

  #unproved(
    againAt: number,
    restarted: boolean,
    missed: boolean,
  ): { readonly result: R } | undefined {
    const now = this.#clock.now();
    const { stableForMs, unstableLimitMs } = this.#timing;
    this.#unstableSince ??= now;
    this.#restarts = restarted ? this.#restarts + 1 : this.#restarts;
    const pause = restarted
      ? Math.min(stableForMs * 2 ** (this.#restarts - 1), UNSTABLE_PAUSE_LIMIT_MS)
      : 0;
    // What only the net found was found at any moment of a write, so it gets its quiet time first.
    this.#pace = missed
      ? hinted(this.#pace, now)
      : lookWanted(this.#pace, Math.max(againAt, now + pause));
    if (now - this.#unstableSince < unstableLimitMs || !restarted) return undefined;
    const error = new ConfigError('The files never stayed the same long enough to be read', {
      code: 'E_UNSTABLE',
      transient: true,
      remedy: 'write the content to another name and rename it over the file',
    });
    this.#unstable ??= { result: this.#owner.unstable(error) };
    return this.#unstable;
  }

  #countMiss(look: Look): boolean {
    const missed = this.#netWaits && look.kind !== 'same';
    if (missed) this.missedHints++;
    this.#netWaits = false;
    return missed;
  }

  #calm(): void {
    this.#unstableSince = undefined;
    this.#unstable = undefined;
    this.#restarts = 0;
  }

  #settleHold(): void {
    if (this.#waiting.length > 0 && !this.#closed) return;
    this.#release?.();
    this.#release = undefined;
  }
}

/** The answer to every call that a closed manager cannot serve. */
export function closedError(): ConfigError {
  return new ConfigError('The configuration manager is closed', { code: 'E_CLOSED' });
}
