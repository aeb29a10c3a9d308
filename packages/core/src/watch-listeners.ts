import { WatchError } from './errors.ts';
import { quoted, refuse } from './option-check.ts';
import type { WatchEvents } from './watch.ts';

type Listener<E extends keyof WatchEvents> = WatchEvents[E];

/** The listeners of one watch. One that throws is told of as a problem and disturbs nobody. */
export class WatchListeners {
  readonly #path: string;
  readonly #sets: { readonly [E in keyof WatchEvents]: Set<Listener<E>> } = {
    batch: new Set(),
    state: new Set(),
    problem: new Set(),
  };

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether anybody listens for batches. */
  get hasBatch(): boolean {
    return this.#sets.batch.size > 0;
  }

  /** Adds a listener; the returned function removes it. */
  add<E extends keyof WatchEvents>(event: E, listener: Listener<E>): () => void {
    if (!Object.hasOwn(this.#sets, event)) {
      throw refuse('event', quoted(Object.keys(this.#sets)), event);
    }
    const listeners: Set<Listener<E>> = this.#sets[event];
    // The same function added twice is two listeners, each with its own removal.
    const own = ((...args: Parameters<Listener<E>>) =>
      (listener as (...args: Parameters<Listener<E>>) => unknown)(...args)) as Listener<E>;
    listeners.add(own);
    return () => void listeners.delete(own);
  }

  /** Calls everybody who listens for an event, as long as `wanted` holds. */
  emit<E extends keyof WatchEvents>(
    event: E,
    wanted: () => boolean,
    ...args: Parameters<Listener<E>>
  ): void {
    for (const listener of this.#sets[event]) {
      if (!wanted()) return;
      try {
        const result: unknown = (listener as (...args: Parameters<Listener<E>>) => unknown)(
          ...args,
        );
        if (result instanceof Promise) {
          result.catch((error: unknown) => this.#threw(event, listener, wanted, error));
        }
      } catch (error) {
        // The caller's code; the others still have to be told.
        this.#threw(event, listener, wanted, error);
      }
    }
  }

  #threw(event: string, thrower: unknown, wanted: () => boolean, cause: unknown): void {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const error = new WatchError(
      `A ${event} listener of the watch on ${this.#path} threw: ${reason}`,
      {
        code: 'ERR_WATCH_LISTENER',
        effect: 'noted',
        backend: 'core',
        paths: [this.#path],
        cause,
      },
    );
    for (const listener of this.#sets.problem) {
      if (listener === thrower || !wanted()) continue;
      try {
        listener(error);
      } catch {
        // A listener for problems that throws about a problem leaves nobody to tell.
      }
    }
  }
}
