import type { Clock } from '@watchkeeper/core';
import type { ChangeBook } from './change.ts';
import type { ConfigEvent } from './event.ts';
import type { Fanout } from './fanout.ts';
import { FanoutQueue } from './fanout-queue.ts';
import type { Receiver } from './fanout-queue.ts';
import type { DeepReadonly } from './key-path.ts';
import type { Change, Snapshot } from './snapshot.ts';
import { LiveSubscription } from './subscription.ts';
import type { SubscribeOptions, Subscription, SubscriptionHost } from './subscription.ts';
import type { TimerSet } from './timer-set.ts';

/** The light listeners of one manager: called at once, in the order they were added, in slices. */
export class SubscriptionRegistry<T> {
  /** Listener calls that threw or rejected. */
  errors = 0;
  readonly #queue: FanoutQueue;
  readonly #open = new Map<Receiver, () => void>();
  readonly #closers = new Set<Subscription>();
  readonly #host: SubscriptionHost<T>;

  constructor(parts: {
    readonly fanout: Fanout;
    readonly changes: ChangeBook<T>;
    readonly clock: Clock;
    readonly timers: TimerSet;
    readonly current: () => Snapshot<T> | undefined;
    readonly emit: (event: ConfigEvent<T>) => void;
    readonly onIdle: () => void;
  }) {
    const { changes, clock, current, emit, onIdle, timers } = parts;
    const fanout: Fanout = { ...parts.fanout, windowMs: 0, concurrency: Infinity };
    const queue = new FanoutQueue({ fanout, clock, timers, onIdle });
    this.#queue = queue;
    this.#host = {
      changes,
      queue,
      get current() {
        return current();
      },
      failed: (error) => {
        this.errors++;
        emit({ type: 'problem', error });
      },
      ended: (subscription) => {
        this.#open.get(subscription)?.();
        this.#open.delete(subscription);
      },
    };
  }

  /** Open subscriptions. */
  get size(): number {
    return this.#open.size;
  }

  /** Whether no listener waits or runs. */
  get idle(): boolean {
    return this.#queue.idle;
  }

  /** Adds a listener. */
  open<V>(
    select: (value: DeepReadonly<T>) => V,
    listener: (value: V, old: V | undefined, change: Change<T>) => unknown,
    options: SubscribeOptions<V>,
    onClose: () => void,
  ): Subscription {
    const subscription = new LiveSubscription(select, listener, options, this.#host);
    this.#open.set(subscription, () => {
      this.#closers.delete(subscription);
      onClose();
    });
    this.#closers.add(subscription);
    if (options.signal?.aborted === true) subscription.unsubscribe();
    else if (subscription.wants) this.#queue.enqueue(subscription);
    return subscription;
  }

  /** A new generation is visible. */
  spread(snapshot: Snapshot<T>): void {
    if (this.#open.size === 0) return;
    this.#queue.spread(this.#open.keys(), this.#open.size, snapshot.generation);
  }

  /** Ends every subscription. */
  close(): void {
    for (const subscription of this.#closers) subscription.unsubscribe();
  }
}
