import { isWatchError, WatchError, type WatchErrorEffect } from '@watchkeeper/core';
import { BackendErrors, errorCode } from '@watchkeeper/core/backend-kit';

/** The name this backend gives itself in errors and configuration. */
export const BACKEND_NAME = 'native';

/** The failures of this backend that every backend may meet. */
export const errors: BackendErrors = new BackendErrors(BACKEND_NAME);

/** What installs the binding. */
export const INSTALL_COMMAND = 'npm install @parcel/watcher';

/**
 * What the binding's texts mean: its errors carry no code, only the words of strerror(3), which Node
 * leaves in English.
 */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/no space left on device/i, 'ENOSPC'],
  [/permission denied/i, 'EACCES'],
  [/no such file|bad file descriptor/i, 'ENOENT'],
  [/not a directory/i, 'ENOTDIR'],
  [/too many open files/i, 'EMFILE'],
];

/**
 * The binding registers itself when its library is loaded, and the library stays when the last thread
 * that imported the binding ends. From then on nobody in the process can import it.
 */
const LOST_REGISTRATION = /did not self-register/i;

const KEEP_LOADED =
  'restart the process, and import @parcel/watcher in its main thread before a worker thread does';

/** Turns a failure of the system or of the binding into a {@link WatchError}. */
export function toWatchError(
  cause: unknown,
  path: string,
  effect: WatchErrorEffect = 'closed',
): WatchError {
  if (isWatchError(cause)) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const errno = errorCode(cause) ?? TEXTS.find(([pattern]) => pattern.test(text))?.[1];
  if (errno !== undefined) return errors.watching(cause, path, effect, errno);
  return new WatchError(`Cannot watch ${path}: ${text}`, {
    code: 'ERR_WATCH_BACKEND_FAILED',
    effect,
    retryable: true,
    backend: BACKEND_NAME,
    paths: [path],
    cause,
  });
}

/** The answer of a probe without the binding. */
export function bindingMissing(cause: unknown): WatchError {
  const isMissing = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(errorCode(cause) ?? '');
  const text = cause instanceof Error ? cause.message : String(cause);
  const hasNoBinary = /no prebuild/i.test(text);
  if (isMissing || hasNoBinary) {
    return new WatchError(
      hasNoBinary
        ? `@parcel/watcher has no binary for ${process.platform}-${process.arch} here`
        : '@parcel/watcher is not installed',
      {
        code: 'ERR_WATCH_BACKEND_MISSING',
        backend: BACKEND_NAME,
        remedy: hasNoBinary
          ? `run: ${INSTALL_COMMAND} (without --omit=optional, which leaves the binary out)`
          : `run: ${INSTALL_COMMAND}`,
        cause,
      },
    );
  }
  return new WatchError(`@parcel/watcher failed to load: ${text}`, {
    code: 'ERR_WATCH_BACKEND_FAILED',
    backend: BACKEND_NAME,
    ...(LOST_REGISTRATION.test(text) ? { remedy: KEEP_LOADED } : {}),
    cause,
  });
}

/** Whether a failure means that the directory is not there any more. */
export function isGone({ code }: WatchError): boolean {
  return code === 'ERR_WATCH_NOT_FOUND' || code === 'ERR_WATCH_NOT_DIRECTORY';
}
