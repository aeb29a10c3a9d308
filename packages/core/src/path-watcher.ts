import { chooseBackends, explainChoice, ProbeCache } from './backend-choice.ts';
import type { Scope } from './backend.ts';
import { BlockedPaths } from './blocked-paths.ts';
import { toAbsPath } from './abs-path.ts';
import { WatchError } from './errors.ts';
import { EventMeter } from './event-meter.ts';
import { SlowLane } from './look.ts';
import { PathWatch } from './path-watch.ts';
import { resolveNow } from './path-resolution.ts';
import { detectPlace } from './place.ts';
import { ScopeRegistry } from './scope-registry.ts';
import type { Watch, WatchOptions } from './watch.ts';
import { Watchdog } from './watchdog.ts';
import { checkPath, toSettings } from './watch-settings.ts';
import { toSelection, toWatcherSettings, type Selection } from './watcher-settings.ts';
import type {
  BackendSelection,
  Explanation,
  PathWatcherOptions,
  WatcherStats,
} from './watcher-options.ts';

/**
 * Watches any path, present or not, through the backends it was given.
 *
 * Lazy: without a watch it holds no handle, timer or thread. Watches of one place share one backend
 * subscription and one table of entries; the last one that closes ends them.
 *
 * @example
 * ```ts
 * import { PathWatcher } from '@watchkeeper/core';
 * import { createFsBackend } from '@watchkeeper/backend-fs';
 *
 * const watcher = new PathWatcher({ backends: [createFsBackend()] });
 * const watch = watcher.watch('/var/log/app.log');
 * for await (const batch of watch) {
 *   for (const change of batch.changes) console.log(change.kind, change.path);
 * }
 * ```
 */
export class PathWatcher {
  #selection: Selection;
  readonly #watches = new Set<PathWatch>();
  readonly #probes: ProbeCache;
  readonly #lane: SlowLane;
  readonly #counts = { repairs: 0, audits: 0 };
  readonly #meter: EventMeter;
  readonly #registry: ScopeRegistry;
  readonly #environment: ConstructorParameters<typeof PathWatch>[2];
  #closing: Promise<void> | null = null;

  /**
   * Creates a watcher; nothing is opened before the first {@link PathWatcher.watch}.
   *
   * @throws TypeError when an option is not what it must be.
   */
  constructor(options: PathWatcherOptions) {
    const { selection, clock } = toWatcherSettings(options);
    this.#selection = selection;
    this.#probes = new ProbeCache(clock);
    this.#lane = new SlowLane(clock);
    this.#meter = new EventMeter(clock);
    this.#registry = new ScopeRegistry({
      clock,
      selection: () => this.#selection,
      probes: this.#probes,
      lane: this.#lane,
      meter: this.#meter,
      watchdog: new Watchdog(clock, this.#lane, this.#meter, this.#counts),
      counts: this.#counts,
    });
    this.#environment = {
      clock,
      lane: this.#lane,
      registry: this.#registry,
      blocked: new BlockedPaths(clock),
      forget: (watch) => void this.#watches.delete(watch),
    };
  }

  /**
   * Watches a path: a file, a directory, or what does not exist yet. Returns at once; the watch's
   * `ready` tells when every later change will be reported. Whatever goes wrong later is told by the
   * watch, never thrown.
   *
   * @param path - Absolute, or relative to the working directory. Changes are reported in this spelling.
   * @throws TypeError when the path or an option is not what it must be.
   * @throws WatchError `ERR_WATCH_CLOSED` when this watcher was closed.
   */
  watch(path: string, options?: WatchOptions): Watch {
    checkPath(path);
    const settings = toSettings(options);
    if (this.#closing !== null) throw closedAlready(`watch ${path}`, [path]);
    const watch = new PathWatch(path, settings, this.#environment);
    this.#watches.add(watch);
    watch.start();
    return watch;
  }

  /**
   * Says which backend a watch of a path would use now, why, and why not the others. Opens nothing,
   * but loads the backends it must ask.
   *
   * @throws TypeError when the path or an option is not what it must be.
   * @throws WatchError `ERR_WATCH_BACKEND_FAILED` when the caller's `choose` fails.
   */
  async explain(path: string, options?: WatchOptions): Promise<Explanation> {
    checkPath(path);
    const { recursive, follow } = toSettings(options);
    const target = toAbsPath(path);
    const { target: end } = await resolveNow(target, follow, this.#registry, this.#lane);
    const kind = recursive ? 'tree' : 'directory';
    const [root, scope]: readonly [string, Scope] =
      end.kind === 'directory'
        ? [end.root, { kind }]
        : [end.directory, { kind: 'names', names: new Set([end.name]) }];
    const place = await detectPlace(root);
    const { backends, choose } = this.#selection;
    const choice = chooseBackends(choose, place, scope, backends);
    return explainChoice(choice, place, scope, backends, this.#probes);
  }

  /**
   * Replaces the backends and moves every open watch to them, while it goes on: a new subscription
   * opens beside the old one, which ends once the new one is live, and what is known is compared
   * with what is there. Consumers see real changes only. Resolves when every watch is live again.
   *
   * A watch that none of the new backends can serve stays with the one it has.
   *
   * @throws TypeError when an option is not what it must be; nothing has changed then.
   * @throws WatchError the first reason why some watch stayed with its former backend, or
   * `ERR_WATCH_CLOSED` when this watcher was closed.
   *
   * @example
   * ```ts
   * await watcher.useBackends({ backends: [createPollBackend({ intervalMs: 500 })] });
   * ```
   */
  async useBackends(options: BackendSelection): Promise<void> {
    const selection = toSelection(options);
    if (this.#closing !== null) throw closedAlready('change backends', []);
    this.#selection = selection;
    this.#probes.forgetFailures();
    const scopes = [...this.#registry.scopes()];
    const regrouping = this.#registry.regroup();
    const errors = await Promise.all([
      ...scopes.map((scope) => scope.reconnect()),
      regrouping.opened(),
    ]);
    regrouping.finish();
    const first = errors.find((error) => error !== null);
    if (first !== undefined && first !== null) throw first;
  }

  /** Counts what is open and what was done. */
  stats(): WatcherStats {
    let subscriptions = 0;
    let entries = 0;
    for (const scope of this.#registry.scopes()) {
      if (scope.subscribed) subscriptions++;
      entries += scope.size;
    }
    return {
      watches: this.#watches.size,
      paths: new Set([...this.#watches].map(({ target }) => target)).size,
      subscriptions,
      entries,
      ...this.#counts,
      eventsPerSecond: this.#meter.perSecond(),
    };
  }

  /** Closes every watch; resolves when nothing is held any more. Idempotent: the same promise each time. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      await Promise.all([...this.#watches].map((watch) => watch.close()));
      await this.#registry.closed();
    })();
    return this.#closing;
  }

  /** Same as {@link PathWatcher.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function closedAlready(what: string, paths: readonly string[]): WatchError {
  return new WatchError(`Cannot ${what}: the watcher was closed`, {
    code: 'ERR_WATCH_CLOSED',
    backend: 'core',
    paths,
    remedy: 'create another PathWatcher',
  });
}
