import { WatchError, type WatchErrorEffect, type WatchErrorInit } from '../errors.ts';
import { errorCode } from './error-code.ts';
import { meaningOf, type Attempt } from './system-error.ts';

/**
 * The failures that every backend meets, each with its code, its paths and a remedy, under the name of
 * one backend.
 *
 * @example
 * ```ts
 * const errors = new BackendErrors('mine');
 * try {
 *   fs.watch(path);
 * } catch (cause) {
 *   throw errors.watching(cause, path); // ENOSPC becomes ERR_WATCH_LIMIT_WATCHES, with the sysctl to set
 * }
 * ```
 */
export class BackendErrors {
  /** The name of the backend. */
  readonly backend: string;

  /** Makes the errors of a backend. */
  constructor(backend: string) {
    this.backend = backend;
  }

  /**
   * The system refused a kernel watch on `path`, or the reads that belong to it. ENOSPC and EMFILE are
   * the limits of inotify here.
   *
   * @param errno - The code, where `cause` carries none.
   */
  watching(
    cause: unknown,
    path: string,
    effect: WatchErrorEffect = 'closed',
    errno: string | undefined = errorCode(cause),
  ): WatchError {
    return this.#system('watch', cause, path, effect, errno);
  }

  /** The system refused to stat or list `path`. */
  reading(cause: unknown, path: string, effect: WatchErrorEffect = 'partial'): WatchError {
    return this.#system('read', cause, path, effect, errorCode(cause));
  }

  /** There is nothing to watch at `root`. */
  missing(root: string): WatchError {
    return this.#system('watch', undefined, root, 'closed', 'ENOENT');
  }

  /** What is at `root` is no directory. */
  notDirectory(root: string): WatchError {
    return this.#system('watch', undefined, root, 'closed', 'ENOTDIR');
  }

  /** The watched directory was removed, another one took its name, or it can no longer be reached. */
  rootGone(
    root: string,
    fate: 'removed' | 'replaced' | 'unreachable',
    cause?: unknown,
  ): WatchError {
    const words = {
      removed: 'is gone',
      replaced: 'was replaced',
      unreachable: 'cannot be reached',
    };
    return this.#make(`The watched directory ${root} ${words[fate]}`, root, {
      code: 'ERR_WATCH_ROOT_GONE',
      retryable: true,
      cause,
    });
  }

  /** A signal aborted the opening of `root`, or a wait for its barrier. */
  aborted(root: string, reason: unknown): WatchError {
    return this.#make(`Watching ${root} was aborted`, root, {
      code: 'ERR_WATCH_ABORTED',
      cause: reason,
    });
  }

  /** Something was asked of a subscription that was closed. */
  closed(root: string): WatchError {
    return this.#make(`The subscription on ${root} is closed`, root, { code: 'ERR_WATCH_CLOSED' });
  }

  /** What cannot fail did: a defect, which ends the subscription and not the process. */
  defect(root: string, cause: unknown): WatchError {
    return this.#make(`Watching ${root} failed: ${reasonOf(cause)}`, root, {
      code: 'ERR_WATCH_BACKEND_FAILED',
      retryable: true,
      cause,
    });
  }

  /** A sink threw while it was called. */
  sinkThrew(cause: unknown): WatchError {
    return new WatchError('A sink threw while it was called', {
      code: 'ERR_WATCH_BACKEND_FAILED',
      effect: 'noted',
      backend: this.backend,
      remedy: 'handle errors inside the sink',
      cause,
    });
  }

  /** The `ignores` of a request threw for the path `relative`. */
  ignoresThrew(root: string, relative: string, cause: unknown): WatchError {
    return this.#make(`The ignore function threw for ${relative}`, root, {
      code: 'ERR_WATCH_LISTENER',
      effect: 'noted',
      remedy: 'make the function answer for every path; what it cannot judge is watched',
      cause,
    });
  }

  /** One error for several problems: the code of the gravest, everyone's paths. `undefined` for none. */
  coalesce(problems: readonly WatchError[]): WatchError | undefined {
    const first = problems.find(({ effect }) => effect === 'partial') ?? problems[0];
    if (first === undefined || problems.length === 1) return first;
    const [path] = first.paths;
    const where = path === undefined ? '' : `, the first at ${path}`;
    return new WatchError(`${problems.length} problems at once${where}`, {
      code: first.code,
      effect: first.effect,
      retryable: problems.some(({ retryable }) => retryable),
      backend: this.backend,
      paths: [...new Set(problems.flatMap(({ paths }) => paths))],
      ...(first.remedy === undefined ? {} : { remedy: first.remedy }),
      cause: new AggregateError(problems, `${problems.length} problems at once`),
    });
  }

  #system(
    attempt: Attempt,
    cause: unknown,
    path: string,
    effect: WatchErrorEffect,
    errno: string | undefined,
  ): WatchError {
    const { code, what, remedy, retryable } = meaningOf(errno, attempt, path);
    return this.#make(`Cannot ${attempt} ${path}: ${what ?? reasonOf(cause)}`, path, {
      code,
      effect,
      retryable,
      ...(remedy === undefined ? {} : { remedy }),
      cause,
    });
  }

  #make(
    message: string,
    path: string,
    facts: Omit<WatchErrorInit, 'backend' | 'paths'>,
  ): WatchError {
    return new WatchError(message, { ...facts, backend: this.backend, paths: [path] });
  }
}

function reasonOf(cause: unknown): string {
  return errorCode(cause) ?? (cause instanceof Error ? cause.message : String(cause));
}
