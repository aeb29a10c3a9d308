import { setTimeout as sleep } from 'node:timers/promises';

/** Time between two looks. */
const LOOK_MS = 5;

/** Waits until something holds; `false` when it does not in time. */
export async function until(holds: () => boolean, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > end) return false;
    await sleep(LOOK_MS);
  }
  return true;
}
