import { WatchError, type OpenRequest } from '@watchkeeper/core';
import { BACKEND_NAME } from './watch-failure.ts';

/** A predicate that throws must not end the process from inside an event: the path counts as wanted, and it is told once. */
export function withSafeIgnores(
  request: OpenRequest,
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
          const message = `The ignore function threw for ${relative}`;
          report(
            new WatchError(message, {
              code: 'ERR_WATCH_BACKEND_FAILED',
              effect: 'noted',
              backend: BACKEND_NAME,
              paths: [request.root],
              cause,
            }),
          );
        }
        return false;
      }
    },
  };
}
