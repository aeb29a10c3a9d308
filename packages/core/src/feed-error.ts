import type { AbsPath } from './entry.ts';
import { isWatchError, WatchError, type WatchErrorEffect } from './errors.ts';

/** A backend that was tried and gave up. */
export interface FailedBackend {
  /** Name of the backend. */
  readonly name: string;
  /** Why it gave up. */
  readonly error: WatchError;
}

const goneCodes = new Set([
  'ERR_WATCH_ROOT_GONE',
  'ERR_WATCH_NOT_FOUND',
  'ERR_WATCH_NOT_DIRECTORY',
]);

/** Whether a backend says that the directory, and not the backend, is at fault. */
export function saysGone(error: WatchError): boolean {
  return goneCodes.has(error.code);
}

const limitCodes = new Set([
  'ERR_WATCH_LIMIT_WATCHES',
  'ERR_WATCH_LIMIT_INSTANCES',
  'ERR_WATCH_LIMIT_FILES',
]);

/** Whether a limit of the system was reached, which somebody who ends may leave. */
export function isLimit(error: WatchError): boolean {
  return limitCodes.has(error.code);
}

/** Whether a backend that failed so may be had again later without a change to the program. */
export function mayPass(error: WatchError): boolean {
  return error.retryable || isLimit(error);
}

/**
 * Whether what stood in the way of a first opening may go without anybody's doing. A limit is raised
 * by a person, so whoever starts is told at once instead of waiting for it.
 */
export function passesByItself(error: WatchError): boolean {
  return error.retryable && !isLimit(error);
}

/** A remedy to pass on, and nothing where there is none. */
function withRemedy(remedy: string | undefined): { readonly remedy?: string } {
  return remedy === undefined ? {} : { remedy };
}

/** What an error says, without the remedy at its end: an error that wraps it says that itself. */
function reasonOf({ message, remedy }: WatchError): string {
  const end = `; ${remedy}`;
  return message.endsWith(end) ? message.slice(0, -end.length) : message;
}

/** The one problem that tells of a fallback. */
export function takenOver(
  root: AbsPath,
  name: string,
  { name: former, error }: FailedBackend,
): WatchError {
  return new WatchError(
    `${former} could not watch ${root}, ${name} watches it instead: ${reasonOf(error)}`,
    {
      code: error.code,
      effect: 'noted',
      retryable: error.retryable,
      backend: former,
      paths: [root],
      ...withRemedy(error.remedy),
      cause: error,
    },
  );
}

/** The one problem that tells that a scope is not watched for now, and that it is tried again; any of the remedies helps. */
export function interruptedFor(root: AbsPath, failures: readonly FailedBackend[]): WatchError {
  const passing = failures.find(({ error }) => mayPass(error)) ?? failures[0];
  const { reasons, remedy, cause } = summaryOf(failures);
  return new WatchError(`${root} is not watched for now: ${reasons}`, {
    code: passing?.error.code ?? 'ERR_WATCH_BACKEND_FAILED',
    effect: 'partial',
    retryable: true,
    backend: passing?.name ?? 'core',
    paths: [root],
    ...withRemedy(remedy),
    cause,
  });
}

interface Summary {
  readonly reasons: string;
  readonly remedy: string | undefined;
  readonly cause: unknown;
}

function summaryOf(failures: readonly FailedBackend[]): Summary {
  const errors = failures.map(({ error }) => error);
  const remedies = new Set(errors.map(({ remedy }) => remedy).filter((one) => one !== undefined));
  return {
    reasons: errors.map(reasonOf).join('; '),
    remedy: remedies.size === 0 ? undefined : [...remedies].join('; or '),
    cause: errors.length === 1 ? errors[0] : new AggregateError(errors, 'Every backend failed'),
  };
}

/** The one problem that tells that every backend failed, with all causes; any of the remedies helps. */
export function exhausted(root: AbsPath, failures: readonly FailedBackend[]): WatchError {
  const [first] = failures;
  if (first === undefined) {
    return new WatchError(`No backend can watch ${root}`, {
      code: 'ERR_WATCH_BACKEND_UNSUPPORTED',
      backend: 'core',
      paths: [root],
      remedy: 'give the watcher a backend that serves this place',
    });
  }
  const { reasons, remedy, cause } = summaryOf(failures);
  return new WatchError(`No backend can watch ${root}: ${reasons}`, {
    code: first.error.code,
    backend: first.name,
    paths: [root],
    ...withRemedy(remedy),
    cause,
  });
}

/** What a backend did not do in time; it may the next time. */
export function timedOut(
  backend: string,
  paths: readonly AbsPath[],
  what: string,
  ms: number,
  effect: WatchErrorEffect = 'closed',
): WatchError {
  return new WatchError(`Backend ${backend} did not ${what} within ${ms / 1000} s`, {
    code: 'ERR_WATCH_TIMEOUT',
    effect,
    retryable: true,
    backend,
    paths,
    remedy: 'check the disk, the server or the module the backend waits for',
  });
}

/** The problem that tells that a subscription could not be closed. */
export function closedBadly(root: AbsPath, name: string, cause: unknown): WatchError {
  const known = isWatchError(cause);
  const reason = known ? reasonOf(cause) : cause instanceof Error ? cause.message : String(cause);
  return new WatchError(`Backend ${name} could not close its watch of ${root}: ${reason}`, {
    code: 'ERR_WATCH_BACKEND_FAILED',
    effect: 'noted',
    backend: name,
    paths: [root],
    ...withRemedy(known ? cause.remedy : undefined),
    cause,
  });
}
