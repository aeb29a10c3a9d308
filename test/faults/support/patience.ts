/**
 * Longest wait for what must come, in milliseconds. A machine that is busy with other things stretches
 * every wait; how soon something must come is measured in the time of the process that tells it.
 */
export const PATIENCE_MS = 30_000;

/** Time of one test with a few such waits, in milliseconds. */
export const TEST_MS = 90_000;
