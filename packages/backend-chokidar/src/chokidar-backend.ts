import { isWatchError, type WatchBackend } from '@watchkeeper/core';
import { capabilitiesAt } from './capabilities.ts';
import { importChokidar, type LoadedChokidar } from './chokidar-module.ts';
import { ChokidarSubscription, type ChokidarHost } from './chokidar-subscription.ts';
import { HandlePool } from './handle-pool.ts';
import { resolveOptions, type ChokidarBackendOptions } from './options.ts';
import { BACKEND_NAME, moduleMissing } from './watch-failure.ts';

/** Where a backend gets chokidar from. */
export interface ChokidarEnvironment {
  /** Rejects with a `WatchError` when there is none that can be used. */
  readonly load: () => Promise<LoadedChokidar>;
  /** The handles of each loaded module: one pool, however many backends there are. */
  readonly pools: WeakMap<object, HandlePool>;
}

const systemEnvironment: ChokidarEnvironment = { load: importChokidar, pools: new WeakMap() };

/**
 * Makes a backend on `chokidar` 4, 5 or 6, whichever is installed beside this package; it is imported
 * by the first `probe()`.
 *
 * On Linux each directory is watched by a chokidar of its own, which is told to ignore what is in it, and
 * whose raw events say where to look: one kernel watch per directory with every version, and no handle
 * on a file that could die with it. On macOS and Windows one chokidar watches everything. It never polls,
 * whatever `CHOKIDAR_USEPOLLING` says: use the poll backend.
 *
 * @throws TypeError when an option is not a number of milliseconds in its range.
 *
 * @example
 * ```ts
 * import { PathWatcher } from '@watchkeeper/core';
 * import { createChokidarBackend } from '@watchkeeper/backend-chokidar';
 *
 * const watcher = new PathWatcher({ backends: [createChokidarBackend()] });
 * const watch = watcher.watch('.', { recursive: true });
 * watch.on('batch', ({ changes }) => console.log(changes.map(({ kind, path }) => [kind, path])));
 * await watch.ready;
 * await watcher.close();
 * ```
 */
export function createChokidarBackend(options: ChokidarBackendOptions = {}): WatchBackend {
  return createChokidarBackendOn(systemEnvironment, options);
}

/** The same on another chokidar, so that every version is tested by one suite. */
export function createChokidarBackendOn(
  environment: ChokidarEnvironment,
  options: ChokidarBackendOptions = {},
): WatchBackend {
  const resolved = resolveOptions(options);
  let host: ChokidarHost | null = null;
  const getHost = async (): Promise<ChokidarHost> => {
    host ??= hostOf(environment, await environment.load());
    return host;
  };
  return {
    name: BACKEND_NAME,
    async probe() {
      try {
        const { chokidar } = await getHost();
        return { usable: true, version: chokidar.version };
      } catch (cause) {
        // Not installed, broken, or of another version: each has its own answer.
        return { usable: false, error: isWatchError(cause) ? cause : moduleMissing(cause) };
      }
    },
    // Unknown before the probe, and then the least that any version promises.
    capabilities: (place) => capabilitiesAt(place, host?.chokidar.major ?? 4),
    async open(request, sink) {
      return ChokidarSubscription.open(request, sink, resolved, await getHost());
    },
  };
}

function hostOf({ pools }: ChokidarEnvironment, chokidar: LoadedChokidar): ChokidarHost {
  const pool = pools.get(chokidar.module) ?? new HandlePool(chokidar);
  pools.set(chokidar.module, pool);
  return { chokidar, pool };
}
