import { errorCode } from './backend-kit/error-code.ts';
import { meaningOf } from './backend-kit/system-error.ts';
import { WatchError } from './errors.ts';

/**
 * An error for a path that could not be looked at. What was known of the path stays known: only what
 * says that nothing has this name means absence.
 */
export function unreadable(path: string, cause: unknown): WatchError {
  const errno = errorCode(cause);
  const { code, remedy } = meaningOf(errno, 'read', path);
  return new WatchError(`Cannot look at ${path} (${errno ?? 'unknown error'})`, {
    code,
    effect: 'partial',
    // Looked at again with everything that happens there.
    retryable: true,
    backend: 'core',
    paths: [path],
    ...(remedy === undefined ? {} : { remedy }),
    cause,
  });
}
