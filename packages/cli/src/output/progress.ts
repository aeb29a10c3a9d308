import type { Clock, Timer } from '@watchkeeper/core';

import type { Output } from '../io.ts';

/** Work that takes longer than this is shown, in milliseconds: a shorter wait needs no explanation. */
export const PROGRESS_DELAY_MS = 1000;

/** Time between two updates, in milliseconds: smooth to the eye, nothing to the processor. */
export const PROGRESS_INTERVAL_MS = 250;

/** Options of {@link withProgress}. */
export interface ProgressOptions {
  readonly stderr: Output;
  readonly clock: Clock;
  /** What is going on, now. */
  readonly describe: () => string;
}

/** Waits for work and shows on a terminal how far it is. Nothing is shown elsewhere, or when it is quick. */
export async function withProgress<T>(work: Promise<T>, options: ProgressOptions): Promise<T> {
  const { stderr, clock, describe } = options;
  if (!stderr.isTerminal) return work;
  let shown = false;
  let timer: Timer;
  const show = (): void => {
    shown = true;
    void stderr.write(`\r\u001B[2K${describe()}`);
    timer = clock.setTimeout(show, PROGRESS_INTERVAL_MS);
  };
  timer = clock.setTimeout(show, PROGRESS_DELAY_MS);
  try {
    return await work;
  } finally {
    timer.cancel();
    if (shown) await stderr.write('\r\u001B[2K');
  }
}
