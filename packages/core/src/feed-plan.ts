import { backendFailure, chooseBackends } from './backend-choice.ts';
import type { OpenRequest, Scope, WatchBackend } from './backend.ts';
import type { WatchError } from './errors.ts';
import { mayPass, type FailedBackend } from './feed-error.ts';
import type { Selection } from './watcher-settings.ts';

/** One name stands for its group: of the others some may be about to move to another one. */
function firstOf(scope: Scope): Scope {
  if (scope.kind !== 'names') return scope;
  const [first] = scope.names;
  return { kind: 'names', names: new Set(first === undefined ? [] : [first]) };
}

/** Which backends are wanted at one place, in order, and which of them failed. */
export class FeedPlan {
  /** Those that are wanted, most wanted first. */
  readonly candidates: readonly WatchBackend[];
  #failures: FailedBackend[] = [];

  constructor(candidates: readonly WatchBackend[]) {
    this.candidates = candidates;
  }

  /** Asks the caller's chooser; without its answer nothing can be opened. */
  static make(
    { backends, choose, fallback, groupOf }: Selection,
    { root, scope, place }: Pick<OpenRequest, 'root' | 'scope' | 'place'>,
  ): FeedPlan | WatchError {
    try {
      const asked = groupOf === undefined ? scope : firstOf(scope);
      const chosen = chooseBackends(choose, place, asked, backends).backends;
      return new FeedPlan(fallback === 'none' ? chosen.slice(0, 1) : chosen);
    } catch (error) {
      // Told like every other failure to open.
      return backendFailure('choose', [root], error);
    }
  }

  /** Those that failed, in order. */
  get failures(): readonly FailedBackend[] {
    return this.#failures;
  }

  /** Those that have not failed yet. */
  get untried(): readonly WatchBackend[] {
    const failed = new Set(this.#failures.map(({ name }) => name));
    return this.candidates.filter(({ name }) => !failed.has(name));
  }

  /** Those that failed, and may be had again later. */
  get recoverable(): readonly WatchBackend[] {
    return this.candidates.filter(({ name }) =>
      this.#failures.some((failure) => failure.name === name && mayPass(failure.error)),
    );
  }

  /** Notes that a backend failed. */
  fail({ name }: WatchBackend, error: WatchError): void {
    this.#failures.push({ name, error });
  }

  /** Notes that a backend is back: those that were wanted less do not count any more. */
  recover(backend: WatchBackend): void {
    const better = this.candidates.slice(0, this.candidates.indexOf(backend));
    this.#failures = this.#failures.filter(({ name }) => better.some((one) => one.name === name));
  }

  /** Forgets who failed. */
  reset(): void {
    this.#failures = [];
  }
}
