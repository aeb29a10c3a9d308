import {
  isWatchError,
  WatchError,
  type WatchErrorCode,
  type WatchErrorEffect,
} from '@watchkeeper/core';
import { errorCode } from './entry-look.ts';

/** The name this backend gives itself in errors and configuration. */
export const BACKEND_NAME = 'native';

/** What installs the binding. */
export const INSTALL_COMMAND = 'npm install @parcel/watcher';

/** What the system's codes mean here. */
const CODES: Readonly<Record<string, WatchErrorCode>> = {
  ENOENT: 'ERR_WATCH_NOT_FOUND',
  ENOTDIR: 'ERR_WATCH_NOT_DIRECTORY',
  EACCES: 'ERR_WATCH_PERMISSION',
  EPERM: 'ERR_WATCH_PERMISSION',
  ELOOP: 'ERR_WATCH_LOOP',
  ENOSPC: 'ERR_WATCH_LIMIT_WATCHES',
  EMFILE: 'ERR_WATCH_LIMIT_INSTANCES',
  ENFILE: 'ERR_WATCH_LIMIT_FILES',
};

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

const REMEDIES: Partial<Record<WatchErrorCode, string>> = {
  ERR_WATCH_PERMISSION: 'grant this user read and search permission on it',
  ERR_WATCH_LIMIT_WATCHES:
    'raise fs.inotify.max_user_watches, for example: sysctl -w fs.inotify.max_user_watches=524288',
  ERR_WATCH_LIMIT_INSTANCES:
    'raise fs.inotify.max_user_instances (for example: sysctl -w fs.inotify.max_user_instances=1024) or the limit of open files (ulimit -n)',
  ERR_WATCH_LIMIT_FILES: 'raise the limit of open files (ulimit -n) or close some',
};

const REASONS: Partial<Record<WatchErrorCode, string>> = {
  ERR_WATCH_NOT_FOUND: 'it does not exist',
  ERR_WATCH_NOT_DIRECTORY: 'it is not a directory',
  ERR_WATCH_PERMISSION: 'permission denied',
  ERR_WATCH_LIMIT_WATCHES: 'this user has used up its inotify watches',
  ERR_WATCH_LIMIT_INSTANCES: 'no inotify instance is left for this user',
  ERR_WATCH_LIMIT_FILES: 'no file descriptor is left',
};

/** Codes that another attempt at the same path cannot cure. */
const FINAL: ReadonlySet<WatchErrorCode> = new Set(['ERR_WATCH_NOT_DIRECTORY', 'ERR_WATCH_LOOP']);

/** Turns a failure of the system or of the binding into a {@link WatchError}. */
export function toWatchError(
  cause: unknown,
  path: string,
  effect: WatchErrorEffect = 'closed',
): WatchError {
  if (isWatchError(cause)) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const errno = errorCode(cause) ?? TEXTS.find(([pattern]) => pattern.test(text))?.[1];
  const code = CODES[errno ?? ''] ?? 'ERR_WATCH_BACKEND_FAILED';
  const remedy = REMEDIES[code];
  return new WatchError(`Cannot watch ${path}: ${REASONS[code] ?? text}`, {
    code,
    effect,
    retryable: !FINAL.has(code),
    backend: BACKEND_NAME,
    paths: [path],
    ...(remedy === undefined ? {} : { remedy }),
    cause,
  });
}

/** The error of a root that went away or became another directory. */
export function rootGone(root: string): WatchError {
  return new WatchError(`The watched directory ${root} is gone or was replaced`, {
    code: 'ERR_WATCH_ROOT_GONE',
    retryable: true,
    backend: BACKEND_NAME,
    paths: [root],
  });
}

/** The error of an opening that was aborted. */
export function aborted(root: string, reason: unknown): WatchError {
  return new WatchError(`Opening ${root} was aborted`, {
    code: 'ERR_WATCH_ABORTED',
    backend: BACKEND_NAME,
    paths: [root],
    cause: reason,
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
    cause,
  });
}

/** One error for all problems of a turn: the gravest one's code, everyone's paths. */
export function coalesce(problems: readonly WatchError[]): WatchError | undefined {
  const first = problems.find((problem) => problem.effect === 'partial') ?? problems[0];
  if (first === undefined || problems.length === 1) return first;
  return new WatchError(`${problems.length} problems, the first: ${first.message}`, {
    code: first.code,
    effect: first.effect,
    retryable: problems.some((problem) => problem.retryable),
    backend: BACKEND_NAME,
    paths: [...new Set(problems.flatMap((problem) => problem.paths))],
    ...(first.remedy === undefined ? {} : { remedy: first.remedy }),
    cause: new AggregateError(problems, `${problems.length} problems in one turn`),
  });
}
