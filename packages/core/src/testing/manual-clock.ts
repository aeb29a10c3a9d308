import type { Clock, Timer } from '../clock.ts';

/** A clock that only moves when a test says so. */
export interface ManualClock extends Clock {
  /**
   * Moves time on by `ms` milliseconds, firing due timers in order of their time, also those set
   * meanwhile. Before, between and after timers every promise that needs no I/O settles.
   */
  advance(ms: number): Promise<void>;
  /** Moves time on by `ms` milliseconds without firing timers, as when the event loop is blocked: what is due fires late, with the next {@link ManualClock.advance}. */
  block(ms: number): void;
  /** Moves the time of day on by `ms` milliseconds, and nothing else, as when the machine sleeps. */
  sleep(ms: number): void;
  /** How many timers wait. */
  readonly pending: number;
}

/** Options of {@link createManualClock}. */
export interface ManualClockOptions {
  /** The first value of `now()`, in milliseconds. @defaultValue `0` */
  readonly now?: number;
  /** The first value of `wallNow()`, in milliseconds since the epoch. @defaultValue `0` */
  readonly wallNow?: number;
}

interface PendingTimer {
  readonly due: number;
  readonly order: number;
  readonly fn: () => void;
}

/** One macrotask: every microtask queued so far, and every one those queue, runs first. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * Creates a {@link ManualClock}.
 *
 * @example
 * ```ts
 * const clock = createManualClock();
 * clock.setTimeout(() => console.log('fired'), 50);
 * await clock.advance(50); // prints "fired"
 * ```
 */
export function createManualClock(options: ManualClockOptions = {}): ManualClock {
  const start = options.now ?? 0;
  let wallOffset = (options.wallNow ?? 0) - start;
  const timers = new Set<PendingTimer>();
  let now = start;
  let order = 0;

  const nextDue = (until: number): PendingTimer | undefined => {
    let next: PendingTimer | undefined;
    for (const timer of timers) {
      if (timer.due > until) continue;
      if (
        next === undefined ||
        timer.due < next.due ||
        (timer.due === next.due && timer.order < next.order)
      ) {
        next = timer;
      }
    }
    return next;
  };

  return {
    now: () => now,
    wallNow: () => now + wallOffset,
    setTimeout(fn, ms): Timer {
      const timer: PendingTimer = { due: now + Math.max(0, ms), order: order++, fn };
      timers.add(timer);
      return {
        ref: () => undefined,
        unref: () => undefined,
        cancel: () => void timers.delete(timer),
      };
    },
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.due);
        timer.fn();
        await settle();
      }
      now = Math.max(now, until);
    },
    block(ms) {
      now += ms;
    },
    sleep(ms) {
      wallOffset += ms;
    },
    get pending() {
      return timers.size;
    },
  };
}
