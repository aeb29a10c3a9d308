import type { AbsPath } from './entry.ts';
import { WatchError } from './errors.ts';

/** The directory of a scope is not there any more. Nobody sees this unless it cannot be followed up. */
export function rootGone(root: AbsPath): WatchError {
  return new WatchError(`${root} was removed, or another directory took its name`, {
    code: 'ERR_WATCH_ROOT_GONE',
    retryable: true,
    backend: 'core',
    paths: [root],
  });
}

/** The caller's `ignore` threw. */
export function ignoreThrew(root: AbsPath, cause: unknown): WatchError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WatchError(`The ignore function of the watch on ${root} threw: ${reason}`, {
    code: 'ERR_WATCH_LISTENER',
    effect: 'noted',
    backend: 'core',
    paths: [root],
    remedy: 'make the function answer for every path; what it cannot judge is watched',
    cause,
  });
}
