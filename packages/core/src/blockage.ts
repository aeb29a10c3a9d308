import type { Blocked } from './blocked-paths.ts';
import type { WatchError } from './errors.ts';
import type { FollowerHost } from './follower-host.ts';
import { resolveNow } from './path-resolution.ts';
import type { Resolution, Target } from './resolver.ts';

/** An end of a path that is none. */
export type BlockedTarget = Extract<Target, { readonly error: WatchError }>;

/** Why a path leads nowhere, and the waiting for that to end. */
export class Blockage implements Blocked {
  readonly error: WatchError;
  /** Whether it cannot be told what is there; of a loop it can: nothing. */
  readonly unknown: boolean;
  readonly #target: BlockedTarget;
  readonly #host: FollowerHost;
  readonly #over: () => void;
  #looking = false;

  /** `over` is called when the path leads elsewhere, as often as that is found. */
  constructor(target: BlockedTarget, host: FollowerHost, over: () => void) {
    this.error = target.error;
    this.unknown = target.kind === 'blocked';
    this.#target = target;
    this.#host = host;
    this.#over = over;
    // A loop ends with a change of one of its links.
    if (this.unknown) host.environment.blocked.add(this);
  }

  /** Waits no more. */
  end(): void {
    this.#host.environment.blocked.delete(this);
  }

  retry(): void {
    if (this.#looking) return;
    this.#looking = true;
    const { target, settings, environment } = this.#host;
    const found = resolveNow(target, settings.follow, environment.registry, environment.lane);
    if (found instanceof Promise) void found.then((resolution) => this.#looked(resolution));
    else this.#looked(found);
  }

  #looked({ target }: Resolution): void {
    this.#looking = false;
    const { kind, error, directory, name } = this.#target;
    const same =
      target.kind === kind &&
      target.error.message === error.message &&
      target.directory === directory &&
      target.name === name;
    if (!same) this.#over();
  }
}

/** What blocks a path that leads to a target now, if anything; a reason that is new is told. */
export function blockageOf(
  target: Target,
  known: Blockage | null,
  host: FollowerHost,
  over: () => void,
): Blockage | null {
  known?.end();
  if (!('error' in target)) return null;
  const { error } = target;
  // Not in this turn: whoever calls `watch` needs a chance to listen.
  if (known?.error.message !== error.message) queueMicrotask(() => host.problem(error));
  return new Blockage(target, host, over);
}
