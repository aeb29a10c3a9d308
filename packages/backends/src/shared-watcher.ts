import { ConfiguredPathWatcher, type ConfiguredWatcher } from './configured-watcher.ts';

let shared: ConfiguredWatcher | undefined;

/** Makes way for another one when somebody closes it after all. */
class SharedWatcher extends ConfiguredPathWatcher {
  override close(): Promise<void> {
    if (shared === this) shared = undefined;
    return super.close();
  }
}

/**
 * The one watcher of this process that decides everything by place. Packages of this family use it
 * unless they are given another, so two of them that watch one file share one subscription. It is
 * made at the first call and holds no handle, timer or thread while nothing is watched. Close your
 * watches, not this watcher: that would close the watches of everybody else. After a close the next
 * call makes another one.
 *
 * @throws TypeError when `WATCHKEEPER_POLL_INTERVAL_MS` is not a number of milliseconds.
 *
 * @example
 * ```ts
 * import { sharedWatcher } from '@watchkeeper/backends';
 *
 * const watch = sharedWatcher().watch('package.json');
 * watch.on('batch', () => console.log('changed'));
 * await watch.ready;
 * await watch.close();
 * ```
 */
export function sharedWatcher(): ConfiguredWatcher {
  shared ??= new SharedWatcher({});
  return shared;
}
