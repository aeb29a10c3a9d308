import type { StandardSchemaV1 } from '@standard-schema/spec';
import { sharedWatcher } from '@watchkeeper/backends';
import type { Clock } from '@watchkeeper/core';
import { abortable } from './abortable.ts';
import type { ConfigManager, ReloadOptions, ReloadResult } from './config-manager.ts';
import type { ConfigOptions } from './config-options.ts';
import { ConfigError } from './errors.ts';
import { DEFAULT_EVENT_BUFFER, EventHub } from './event-hub.ts';
import type { ConfigEvent } from './event.ts';
import { valueAt } from './key-path.ts';
import type { DeepReadonly, KeyPath, PathValue } from './key-path.ts';
import { Loader } from './loader.ts';
import { Publisher } from './publisher.ts';
import { requireSession, requireSubscribe } from './receiver-options.ts';
import { closedError, ReloadLoop } from './reload-loop.ts';
import { SessionRegistry } from './session-registry.ts';
import type { Session, SessionOptions } from './session.ts';
import { resolveSettings } from './settings.ts';
import type { Change, Snapshot } from './snapshot.ts';
import { statusOf } from './status-report.ts';
import type { Status } from './status.ts';
import { SubscriptionRegistry } from './subscription-registry.ts';
import type { SubscribeOptions, Subscription } from './subscription.ts';
import { TimerSet } from './timer-set.ts';
import { requireDuration } from './timing.ts';
import { Watching } from './watching.ts';

/** The {@link ConfigManager} that `createConfig` returns. */
export class LiveConfig<T> implements ConfigManager<T> {
  readonly ready: Promise<Snapshot<T>>;
  readonly #clock: Clock;
  readonly #timers: TimerSet;
  readonly #loader: Loader<T>;
  readonly #loop: ReloadLoop<T, ReloadResult<T>>;
  readonly #watching: Watching;
  readonly #hub = new EventHub<T>();
  readonly #publisher: Publisher<T>;
  readonly #sessions: SessionRegistry<T>;
  readonly #subscriptions: SubscriptionRegistry<T>;
  readonly #idleWaits = new Set<() => void>();
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => void this.close();
  #closed = false;
  #closing: Promise<void> | undefined;

  constructor(options: ConfigOptions<StandardSchemaV1<unknown, T>>) {
    const settings = resolveSettings(options);
    const { clock, fanout, layers, lingerMs, persistent, random, timing, watch } = settings;
    const timers = new TimerSet(clock);
    const onIdle = (): void => this.#checkIdle();
    const emit = (event: ConfigEvent<T>): void => {
      if (!this.#closed) this.#hub.emit(event);
    };
    this.#clock = clock;
    this.#timers = timers;
    if (persistent) timers.hold();
    this.#loader = new Loader(layers, settings.schema, settings.fs);
    this.#publisher = new Publisher({
      clock,
      states: () => this.#loader.states(),
      emit,
      spread: (snapshot) => {
        this.#subscriptions.spread(snapshot);
        this.#sessions.spread(snapshot);
      },
    });
    this.#loop = new ReloadLoop({
      loader: this.#loader,
      owner: this.#publisher,
      timing,
      clock,
      timers,
      onIdle,
    });
    const paths = layers.flatMap((layer) =>
      layer.kind === 'file' && layer.watch ? [layer.path] : [],
    );
    this.#watching = new Watching({
      watcher: () => settings.watcher ?? sharedWatcher(),
      paths: watch === 'off' ? [] : [...new Set(paths)],
      persistent,
      reconcileMs: timing.reconcileMs,
      lingerMs,
      timers,
      random,
      onHint: () => this.#loop.hint(),
      onSweep: () => this.#loop.sweep(),
      onHealth: ({ healthy, reason }) =>
        emit({ type: 'watch', healthy, ...(reason === undefined ? {} : { reason }) }),
    });
    const shared = {
      changes: this.#publisher.changes,
      clock,
      fanout,
      timers,
      random,
      onIdle,
      current: () => this.#publisher.current,
      emit,
    };
    this.#sessions = new SessionRegistry(shared);
    this.#subscriptions = new SubscriptionRegistry(shared);
    this.#signal = settings.signal;
    this.ready = this.#start();
    this.ready.catch(() => {
      // Told by `status()`, events and `get()` as well: a caller who ignores `ready` is not crashed.
    });
    if (watch === 'eager') this.#watching.acquire();
    if (settings.signal?.aborted === true) void this.close();
    else settings.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get(): DeepReadonly<T>;
  get<P extends KeyPath<T>>(path: P): DeepReadonly<PathValue<T, P>>;
  get(path?: string): unknown {
    const { value } = this.snapshot();
    return path === undefined ? value : valueAt(value, path);
  }

  snapshot(): Snapshot<T> {
    if (this.#closed) throw closedError();
    if (this.#publisher.current !== undefined) return this.#publisher.current;
    const cause = this.#publisher.health.error;
    throw new ConfigError('There is no configuration yet', {
      code: 'E_CLOSED',
      remedy: cause === undefined ? 'await `ready` first' : cause.message,
      ...(cause === undefined ? {} : { cause }),
    });
  }

  async reload(options: ReloadOptions = {}): Promise<ReloadResult<T>> {
    return abortable(this.#loop.demand('reload', options.force ?? false), options.signal);
  }

  async fresh(options: {
    readonly maxAgeMs: number;
    readonly signal?: AbortSignal;
  }): Promise<Snapshot<T>> {
    requireDuration('maxAgeMs', options.maxAgeMs);
    if (this.#closed) throw closedError();
    const { verifiedAt } = this.#loop;
    const age = verifiedAt === undefined ? Infinity : this.#clock.now() - verifiedAt;
    if (this.#publisher.current !== undefined && age <= options.maxAgeMs)
      return this.#publisher.current;
    const result = await this.reload(
      options.signal === undefined ? {} : { signal: options.signal },
    );
    const snapshot = result.status === 'changed' ? result.change.current : result.snapshot;
    if (snapshot !== undefined) return snapshot;
    throw result.status === 'rejected' ? result.error : closedError();
  }

  subscribe<V>(
    first: ((change: Change<T>) => unknown) | ((value: DeepReadonly<T>) => V),
    second?: ((value: V, old: V | undefined, change: Change<T>) => unknown) | SubscribeOptions<V>,
    third?: SubscribeOptions<V>,
  ): Subscription {
    if (typeof second === 'function') {
      return this.#listen(first as (value: DeepReadonly<T>) => V, second, third ?? {});
    }
    const listener = first as (change: Change<T>) => unknown;
    return this.#listen(
      (value) => value,
      (_value, _old, change) => listener(change),
      (second ?? {}) as SubscribeOptions<DeepReadonly<T>>,
    );
  }

  on<V>(
    path: string,
    listener: (value: V, old: V | undefined, change: Change<T>) => unknown,
    options: SubscribeOptions<V> = {},
  ): Subscription {
    if (typeof path !== 'string' || path === '') {
      throw new TypeError(`path: wanted a dotted path, got ${path as string}`);
    }
    return this.#listen((value) => valueAt(value, path) as V, listener, options);
  }

  session<V = DeepReadonly<T>>(options: SessionOptions<T, V>): Session<T> {
    if (this.#closed) throw closedError();
    requireSession(options);
    const release = this.#watching.acquire();
    try {
      // Without a selector V is the whole value, which only the default type argument can say.
      const select = options.select ?? ((value) => value as V);
      return this.#sessions.open(options, select, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  status(): Status {
    return statusOf({
      closed: this.#closed,
      publisher: this.#publisher,
      loader: this.#loader,
      loop: this.#loop,
      watching: this.#watching,
      sessions: this.#sessions,
      subscriptions: this.#subscriptions,
    });
  }

  events(
    options: { readonly signal?: AbortSignal; readonly buffer?: number } = {},
  ): AsyncIterableIterator<ConfigEvent<T>> {
    const { buffer = DEFAULT_EVENT_BUFFER } = options;
    if (!Number.isSafeInteger(buffer) || buffer < 1) {
      throw new TypeError(`buffer: wanted a whole number of 1 or more, got ${buffer}`);
    }
    if (this.#closed) throw closedError();
    return this.#hub.open(buffer, options.signal, this.#watching.acquire());
  }

  async flush(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    if (this.#closed) throw closedError();
    const release = this.#timers.hold();
    try {
      await abortable(this.#watching.flush(), options.signal);
      await abortable(this.#idle(), options.signal);
    } finally {
      release();
    }
    if (this.#closed) throw closedError();
  }

  close(): Promise<void> {
    if (this.#closing !== undefined) return this.#closing;
    this.#closed = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#loop.close();
    this.#sessions.close();
    this.#subscriptions.close();
    this.#hub.close();
    this.#timers.close();
    this.#checkIdle();
    this.#closing = this.#watching.close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #start(): Promise<Snapshot<T>> {
    const result = await this.#loop.demand('initial', false);
    if (result.status === 'rejected') throw result.error;
    return result.status === 'changed' ? result.change.current : result.snapshot;
  }

  #listen<V>(
    select: (value: DeepReadonly<T>) => V,
    listener: (value: V, old: V | undefined, change: Change<T>) => unknown,
    options: SubscribeOptions<V>,
  ): Subscription {
    if (this.#closed) throw closedError();
    if (typeof listener !== 'function') {
      throw new TypeError(`listener: wanted a function, got ${String(listener)}`);
    }
    requireSubscribe(options);
    return this.#subscriptions.open(select, listener, options, this.#watching.acquire());
  }

  async #idle(): Promise<void> {
    if (this.#isIdle) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idleWaits.add(resolve);
    await promise;
  }

  get #isIdle(): boolean {
    return this.#closed || (this.#loop.idle && this.#sessions.idle && this.#subscriptions.idle);
  }

  #checkIdle(): void {
    if (this.#idleWaits.size === 0 || !this.#isIdle) return;
    for (const resolve of this.#idleWaits) resolve();
    this.#idleWaits.clear();
  }
}
