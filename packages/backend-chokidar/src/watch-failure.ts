import { WatchError, type WatchErrorCode, type WatchErrorEffect } from '@watchkeeper/core';
import { BackendErrors, errorCode } from '@watchkeeper/core/backend-kit';

/** The name this backend gives itself in errors and configuration. */
export const BACKEND_NAME = 'chokidar';

/** The failures of this backend that every backend may meet. */
export const errors: BackendErrors = new BackendErrors(BACKEND_NAME);

/** What installs a chokidar that is known to work. */
export const INSTALL_COMMAND = 'npm install chokidar@^6';

/** Whether a failure means that the kernel has no more of something. */
export function isLimit(code: WatchErrorCode): boolean {
  return code.startsWith('ERR_WATCH_LIMIT_');
}

/** Why chokidar cannot be used: not installed, or broken. */
export function moduleMissing(cause: unknown): WatchError {
  const isMissing = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(errorCode(cause) ?? '');
  if (isMissing) {
    return new WatchError('chokidar is not installed', {
      code: 'ERR_WATCH_BACKEND_MISSING',
      backend: BACKEND_NAME,
      remedy: `run: ${INSTALL_COMMAND}`,
      cause,
    });
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  return new WatchError(`chokidar failed to load: ${text}`, {
    code: 'ERR_WATCH_BACKEND_FAILED',
    backend: BACKEND_NAME,
    cause,
  });
}

/** A chokidar that this package does not know. */
export function versionUnsupported(version: string): WatchError {
  return new WatchError(`chokidar ${version} is installed; 4, 5 or 6 is wanted`, {
    code: 'ERR_WATCH_BACKEND_UNSUPPORTED',
    backend: BACKEND_NAME,
    remedy: `run: ${INSTALL_COMMAND}`,
  });
}

/** A path that chokidar would take for another one: it reads a backslash as a separator on every system. */
export function pathUnsupported(path: string, effect: WatchErrorEffect): WatchError {
  return new WatchError(`chokidar cannot watch ${path}: it takes the backslash for a separator`, {
    code: 'ERR_WATCH_SCOPE_UNSUPPORTED',
    effect,
    backend: BACKEND_NAME,
    paths: [path],
    remedy: 'rename the directory, or watch it through the fs backend',
  });
}
