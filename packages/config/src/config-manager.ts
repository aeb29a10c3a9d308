import type { ConfigError } from './errors.ts';
import type { ConfigEvent } from './event.ts';
import type { DeepReadonly, KeyPath, PathValue } from './key-path.ts';
import type { Session, SessionOptions } from './session.ts';
import type { Change, Snapshot } from './snapshot.ts';
import type { Status } from './status.ts';
import type { SubscribeOptions, Subscription } from './subscription.ts';

/** What a reload came to. Expected outcomes are data: only closing rejects. */
export type ReloadResult<T> =
  /** A new generation was published. */
  | { readonly status: 'changed'; readonly change: Change<T> }
  /** The value on disk is the one that is served. */
  | { readonly status: 'unchanged'; readonly snapshot: Snapshot<T> }
  /** What lies on disk is refused; `snapshot` is the last good generation, if there is one. */
  | {
      readonly status: 'rejected';
      readonly error: ConfigError;
      readonly snapshot: Snapshot<T> | undefined;
    };

/** Options of {@link ConfigManager.reload}. */
export interface ReloadOptions {
  /** Reads and validates anew even what seems unchanged. @defaultValue `false` */
  readonly force?: boolean;
  /** Ends the waiting, not the reload. */
  readonly signal?: AbortSignal;
}

/** One configuration, kept in step with its files. */
export interface ConfigManager<T> extends AsyncDisposable {
  /**
   * Resolves with the first generation. Rejects with the reason when the first load is refused; the
   * manager lives on and publishes the first generation once the files are good.
   */
  readonly ready: Promise<Snapshot<T>>;
  /**
   * The value that is served: synchronous, without I/O. Starts no watch by itself.
   *
   * @throws ConfigError `E_CLOSED` before the first generation and after closing: await `ready` first.
   */
  get(): DeepReadonly<T>;
  /** The value at a dotted path; `undefined` where it is absent. */
  get<P extends KeyPath<T>>(path: P): DeepReadonly<PathValue<T, P>>;
  /**
   * The snapshot that is served: keep it for as long as several values must belong together.
   *
   * @throws ConfigError `E_CLOSED` before the first generation and after closing.
   */
  snapshot(): Snapshot<T>;
  /**
   * Reads the files now, whether or not anything is watched or alive, and resolves when they are
   * judged. Parallel calls share one reading. Content that is still changing is waited for, at most
   * `timing.unstableLimitMs`.
   *
   * @throws ConfigError `E_CLOSED` after closing, `E_ABORTED` when the signal aborts.
   */
  reload(options?: ReloadOptions): Promise<ReloadResult<T>>;
  /**
   * The snapshot, verified against the files unless that was done within `maxAgeMs` milliseconds; never
   * depends on a watch. When what lies on disk is refused, it is the last good one.
   *
   * @throws ConfigError the reason of the refusal when there is no good one; `E_CLOSED`; `E_ABORTED`.
   */
  fresh(options: {
    readonly maxAgeMs: number;
    readonly signal?: AbortSignal;
  }): Promise<Snapshot<T>>;
  /** Calls a light listener after each new generation; for work that takes time or may fail use {@link ConfigManager.session}. */
  subscribe(
    listener: (change: Change<T>) => unknown,
    options?: SubscribeOptions<DeepReadonly<T>>,
  ): Subscription;
  /** Calls a listener when what a selector takes from the value differs; `old` is `undefined` in an immediate call. */
  subscribe<V>(
    select: (value: DeepReadonly<T>) => V,
    listener: (value: V, old: V | undefined, change: Change<T>) => unknown,
    options?: SubscribeOptions<V>,
  ): Subscription;
  /** Calls a listener when the value at a dotted path differs. */
  on<P extends KeyPath<T>>(
    path: P,
    listener: (
      value: DeepReadonly<PathValue<T, P>>,
      old: DeepReadonly<PathValue<T, P>> | undefined,
      change: Change<T>,
    ) => unknown,
    options?: SubscribeOptions<DeepReadonly<PathValue<T, P>>>,
  ): Subscription;
  /**
   * Opens a session: it gets the current generation at once and every newer one in its turn, and
   * acknowledges each.
   *
   * @example
   * ```ts
   * const session = config.session({ id: 'tenant-7', apply: async (value) => pool.resize(value.pool.size) });
   * await session.whenAcked(config.snapshot().generation);
   * ```
   */
  session<V = DeepReadonly<T>>(options: SessionOptions<T, V>): Session<T>;
  /** Where the manager stands. */
  status(): Status;
  /**
   * What happens from now on, as data. Every call is a reader of its own with a bounded buffer: one
   * that is too slow gets a `dropped` event. Ends with the signal, with `return()`, or with the manager.
   */
  events(options?: {
    readonly signal?: AbortSignal;
    /** Events kept, 1 or more. @defaultValue `256` */
    readonly buffer?: number;
  }): AsyncIterableIterator<ConfigEvent<T>>;
  /** Resolves when every change finished before the call is judged and every listener and session is done with it. */
  flush(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Ends everything: no callback begins after the call; no timer, watch or reader remains once it resolves. Idempotent. */
  close(): Promise<void>;
}
