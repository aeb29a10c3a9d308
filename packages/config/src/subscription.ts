import { isDeepStrictEqual } from 'node:util';
import type { ChangeBook } from './change.ts';
import { ConfigError } from './errors.ts';
import type { FanoutQueue, Receiver } from './fanout-queue.ts';
import type { DeepReadonly } from './key-path.ts';
import { isThenable } from './live-session.ts';
import type { Change, Snapshot } from './snapshot.ts';

/** Options of `subscribe()` and `on()` of a {@link ConfigManager}. */
export interface SubscribeOptions<V> {
  /** Ends the subscription. */
  readonly signal?: AbortSignal;
  /** Calls first with the current value, asynchronously, as soon as there is one. @defaultValue `false` */
  readonly immediate?: boolean;
  /** Whether two selected values are the same; then the listener is not called. @defaultValue deep equality */
  readonly equals?: (a: V, b: V) => boolean;
}

/** A listener that was added. */
export interface Subscription extends Disposable {
  /** Whether it was ended. */
  readonly closed: boolean;
  /** Ends it: no call begins any more, not even of a change under way. Idempotent. */
  unsubscribe(): void;
}

/** What a subscription needs of its manager. */
export interface SubscriptionHost<T> {
  readonly current: Snapshot<T> | undefined;
  readonly changes: ChangeBook<T>;
  readonly queue: FanoutQueue;
  /** A listener threw or rejected. */
  failed(error: ConfigError): void;
  /** The subscription ended. */
  ended(subscription: Receiver): void;
}

/** Selects, compares and calls one listener; its calls never overlap. */
export class LiveSubscription<T, V> implements Subscription, Receiver {
  readonly hash = 0;
  scheduled = false;
  readonly #select: (value: DeepReadonly<T>) => V;
  readonly #listen: (value: V, old: V | undefined, change: Change<T>) => unknown;
  readonly #options: SubscribeOptions<V>;
  readonly #equals: (a: V, b: V) => boolean;
  readonly #host: SubscriptionHost<T>;
  readonly #onAbort = (): void => this.unsubscribe();
  #last: Snapshot<T> | undefined;
  #busy = false;
  #closed = false;

  constructor(
    select: (value: DeepReadonly<T>) => V,
    listen: (value: V, old: V | undefined, change: Change<T>) => unknown,
    options: SubscribeOptions<V>,
    host: SubscriptionHost<T>,
  ) {
    this.#select = select;
    this.#listen = listen;
    this.#options = options;
    this.#equals = options.equals ?? isDeepStrictEqual;
    this.#host = host;
    if (options.immediate !== true) this.#last = host.current;
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get closed(): boolean {
    return this.#closed;
  }

  get wants(): boolean {
    const { current } = this.#host;
    return !this.#closed && !this.#busy && current !== undefined && current !== this.#last;
  }

  deliver(): Promise<void> | undefined {
    const { current } = this.#host;
    if (current === undefined || !this.wants) return undefined;
    const previous = this.#last;
    this.#last = current;
    // The first generation is no change to those who did not ask for the current value.
    if (previous === undefined && this.#options.immediate !== true) return undefined;
    let answer: unknown;
    try {
      const value = this.#select(current.value);
      const old = previous === undefined ? undefined : { value: this.#select(previous.value) };
      if (old !== undefined && this.#equals(value, old.value)) return undefined;
      answer = this.#listen(value, old?.value, this.#host.changes.between(previous, current));
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
    return isThenable(answer) ? this.#settle(answer) : undefined;
  }

  unsubscribe(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#host.ended(this);
  }

  [Symbol.dispose](): void {
    this.unsubscribe();
  }

  async #settle(answer: PromiseLike<unknown>): Promise<void> {
    this.#busy = true;
    try {
      await answer;
    } catch (error) {
      this.#fail(error);
    }
    this.#busy = false;
    if (this.wants) this.#host.queue.enqueue(this);
  }

  #fail(cause: unknown): void {
    if (this.#closed) return;
    const why = cause instanceof Error ? cause.message : String(cause);
    this.#host.failed(
      new ConfigError(`A configuration listener failed: ${why}`, { code: 'E_LISTENER', cause }),
    );
  }
}
