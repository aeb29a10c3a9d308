import type { Clock } from '@watchkeeper/core';

/** The answer of {@link within} when the time was up first. */
export const LATE: unique symbol = Symbol('late');

/**
 * Waits for work at most so long. The work goes on: a read of a dead server cannot be called back, but
 * a diagnosis that waits for it would say nothing at all.
 */
export async function within<T>(
  work: Promise<T>,
  ms: number,
  clock: Clock,
): Promise<T | typeof LATE> {
  let cancel: () => void = () => undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    const timer = clock.setTimeout(() => resolve(LATE), ms);
    cancel = () => timer.cancel();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}
