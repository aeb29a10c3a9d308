import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often the monitor's own timer runs; it is no part of a hold. */
const RESOLUTION_MS = 1;

/** Stretch of time of which the longest hold counts: long holds are rare, and among single ticks even a percentile would miss them. */
const STRETCH_MS = 100;

/**
 * For how long the event loop was held: the longest hold of each tenth of a second, in milliseconds. The
 * monitor itself costs CPU time, so that time is not to be measured at once with holds.
 */
export async function longestHolds(windowMs: number): Promise<number[]> {
  const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const holds: number[] = [];
  monitor.enable();
  const end = performance.now() + windowMs;
  while (performance.now() < end) {
    await sleep(STRETCH_MS);
    holds.push(Math.max(0, monitor.max / 1e6 - RESOLUTION_MS));
    monitor.reset();
  }
  monitor.disable();
  return holds;
}
