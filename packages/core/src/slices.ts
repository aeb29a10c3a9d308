import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock.ts';
import { SLICE_MS } from './examiner.ts';

/** Steps of long work between two looks at the clock: some tens of microseconds of work. */
const STEPS = 32;

/** Runs work that yields after each step, and lets the event loop go on after every slice of it. */
export async function inSlices<T>(work: Iterator<void, T>, clock: Clock): Promise<T> {
  let until = clock.now() + SLICE_MS;
  for (let count = 1; ; count++) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (count % STEPS > 0 || clock.now() < until) continue;
    await setImmediate();
    until = clock.now() + SLICE_MS;
  }
}
