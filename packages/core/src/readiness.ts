/** What `ready` is once a watch is ready: the same for all of them. */
export const isReady: Promise<void> = Promise.resolve();

/** Rejects; who never asks how it went must not be told by a crash. */
export function rejectQuietly(
  { promise, reject }: PromiseWithResolvers<void>,
  error: unknown,
): void {
  promise.catch(() => undefined);
  reject(error);
}
