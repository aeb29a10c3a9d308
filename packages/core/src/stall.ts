import { BEAT_MS, type Beat } from './heartbeat.ts';

/**
 * How late a beat must be for a stall, in milliseconds: ordinary work delays a timer by some tens of
 * milliseconds, and a queue of the kernel that overflows faster than this shows as a burst.
 */
export const STALL_MS = 1000;

/**
 * How much more time of day than monotonic time must have passed for a suspend, in milliseconds. The
 * monotonic clock of Linux stands still while the machine sleeps; corrections of the time of day are
 * slewed or, beyond this, rare enough to be looked after.
 */
export const SUSPEND_MS = 2000;

/** Whether the event loop was blocked, the process stopped, or the machine asleep before a beat: events may have been lost meanwhile. */
export function wasStalled({ elapsedMs, wallElapsedMs }: Beat): boolean {
  return elapsedMs - BEAT_MS > STALL_MS || wallElapsedMs - elapsedMs > SUSPEND_MS;
}
