import { ConfigError } from './errors.ts';

/** Waits for a promise, or rejects with `E_ABORTED` when the signal aborts; what the promise stands for goes on. */
export async function abortable<V>(
  promise: Promise<V>,
  signal: AbortSignal | undefined,
): Promise<V> {
  if (signal === undefined) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void =>
    reject(new ConfigError('The call was aborted', { code: 'E_ABORTED', cause: signal.reason }));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
