import type { OpenRequest } from '../backend.ts';
import type { EntryType } from '../entry.ts';
import type { WatchError } from '../errors.ts';
import type { BackendErrors } from './backend-errors.ts';

/**
 * A request whose `ignores` never throws, so that a caller's function cannot end the process from inside
 * an event, nor a sweep: a path it throws for counts as wanted, and the first throw is reported.
 */
export function withSafeIgnores(
  request: OpenRequest,
  errors: BackendErrors,
  report: (error: WatchError) => void,
): OpenRequest {
  let reported = false;
  return {
    ...request,
    ignores: (relative, type) => {
      try {
        return request.ignores(relative, type);
      } catch (cause) {
        // Whatever a caller's function throws, watching goes on.
        if (!reported) {
          reported = true;
          report(errors.ignoresThrew(request.root, relative, cause));
        }
        return false;
      }
    },
  };
}

/**
 * Whether `ignores` refuses an entry or a directory above it: a refused directory is refused with
 * everything below it. Each directory on the way is asked about, from the top. For backends that learn
 * of deep paths without having entered the directories above.
 */
export function isRefused(
  ignores: OpenRequest['ignores'],
  relative: string,
  type: EntryType | undefined,
): boolean {
  for (let end = relative.indexOf('/'); end !== -1; end = relative.indexOf('/', end + 1)) {
    if (ignores(relative.slice(0, end), 'directory')) return true;
  }
  return relative !== '' && ignores(relative, type);
}
