import {
  WatchError,
  type OpenRequest,
  type WatchErrorCode,
  type WatchErrorEffect,
} from '@watchkeeper/core';

/** The name this backend gives itself in errors and configuration. */
export const BACKEND_NAME = 'poll';

const CODES: Readonly<Record<string, WatchErrorCode>> = {
  ENOENT: 'ERR_WATCH_NOT_FOUND',
  ENOTDIR: 'ERR_WATCH_NOT_DIRECTORY',
  EACCES: 'ERR_WATCH_PERMISSION',
  EPERM: 'ERR_WATCH_PERMISSION',
  ELOOP: 'ERR_WATCH_LOOP',
  EMFILE: 'ERR_WATCH_LIMIT_FILES',
  ENFILE: 'ERR_WATCH_LIMIT_FILES',
};

const REMEDIES: Partial<Record<WatchErrorCode, string>> = {
  ERR_WATCH_PERMISSION: 'grant this user read and search permission on it',
  ERR_WATCH_LIMIT_FILES: 'raise the limit of open files (ulimit -n) or close some',
  ERR_WATCH_IO: 'check the disk or the network mount; it is tried again at every look',
};

/** The `code` of a system error. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether a system error says that there is no such entry. Every other one says nothing about it. */
export function isAbsence(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Turns a failure to read `path` into a {@link WatchError}. */
export function toWatchError(cause: unknown, path: string, effect: WatchErrorEffect): WatchError {
  const errno = errorCode(cause);
  const code = CODES[errno ?? ''] ?? 'ERR_WATCH_IO';
  const remedy = REMEDIES[code];
  return new WatchError(`Cannot read ${path}${errno === undefined ? '' : ` (${errno})`}`, {
    code,
    effect,
    retryable: code !== 'ERR_WATCH_NOT_DIRECTORY',
    backend: BACKEND_NAME,
    paths: [path],
    ...(remedy === undefined ? {} : { remedy }),
    cause,
  });
}

/** One error for all problems of a sweep: the first one's code, everyone's paths. */
export function coalesce(problems: readonly WatchError[]): WatchError | null {
  const first = problems[0];
  if (first === undefined || problems.length === 1) return first ?? null;
  return new WatchError(
    `${problems.length} places cannot be read, the first is ${first.paths[0]}`,
    {
      code: first.code,
      effect: first.effect,
      retryable: problems.some((problem) => problem.retryable),
      backend: BACKEND_NAME,
      paths: [...new Set(problems.flatMap((problem) => problem.paths))],
      ...(first.remedy === undefined ? {} : { remedy: first.remedy }),
      cause: new AggregateError(problems, `${problems.length} problems in one sweep`),
    },
  );
}

/** The root is not there. */
export function notFound(root: string): WatchError {
  return new WatchError(`Cannot watch ${root}: it does not exist`, {
    code: 'ERR_WATCH_NOT_FOUND',
    retryable: true,
    backend: BACKEND_NAME,
    paths: [root],
  });
}

/** The root is something else. */
export function notDirectory(root: string): WatchError {
  return new WatchError(`Cannot watch ${root}: it is not a directory`, {
    code: 'ERR_WATCH_NOT_DIRECTORY',
    backend: BACKEND_NAME,
    paths: [root],
  });
}

/** The root was removed, or another directory has its name. */
export function rootGone(root: string, removed: boolean): WatchError {
  return new WatchError(`The watched directory ${root} ${removed ? 'is gone' : 'was replaced'}`, {
    code: 'ERR_WATCH_ROOT_GONE',
    retryable: true,
    backend: BACKEND_NAME,
    paths: [root],
  });
}

/** The caller gave up. */
export function aborted(request: OpenRequest, reason: unknown = request.signal.reason): WatchError {
  return new WatchError(`Watching ${request.root} was aborted`, {
    code: 'ERR_WATCH_ABORTED',
    backend: BACKEND_NAME,
    paths: [request.root],
    cause: reason,
  });
}

/** The subscription was closed before. */
export function closed(request: OpenRequest): WatchError {
  return new WatchError(`The subscription on ${request.root} is closed`, {
    code: 'ERR_WATCH_CLOSED',
    backend: BACKEND_NAME,
    paths: [request.root],
  });
}

/** Something that cannot fail did. */
export function defect(request: OpenRequest, cause: unknown): WatchError {
  return new WatchError(`Polling ${request.root} failed`, {
    code: 'ERR_WATCH_BACKEND_FAILED',
    retryable: true,
    backend: BACKEND_NAME,
    paths: [request.root],
    cause,
  });
}
