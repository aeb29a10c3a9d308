import type { BackendConfig } from './backend-config.ts';
import { ConfiguredPathWatcher, type ConfiguredWatcher } from './configured-watcher.ts';

/**
 * Creates a watcher from a plain config. Synchronous: nothing is imported, opened or started before
 * the first `watch()`. Rules come first, then `use`; what remains undecided goes by place: events on
 * local file systems, polling where other machines write.
 *
 * The environment wins over the config: `WATCHKEEPER_BACKEND` (one name, or several separated by
 * commas) replaces `use` and `rules`, `WATCHKEEPER_POLL_INTERVAL_MS` sets the poll interval. Both are
 * read once, here.
 *
 * @throws TypeError when the config or a variable is wrong, naming each option.
 *
 * @example
 * ```ts
 * import { createWatcher } from '@watchkeeper/backends';
 *
 * const watcher = createWatcher({ rules: [{ match: '/mnt/**', use: 'poll' }] });
 * console.log(await watcher.explain('.'));
 * const watch = watcher.watch('.');
 * watch.on('batch', ({ changes }) => console.log(changes.map(({ kind, path }) => [kind, path])));
 * await watch.ready;
 * await watcher.close();
 * ```
 */
export function createWatcher(config: BackendConfig = {}): ConfiguredWatcher {
  return new ConfiguredPathWatcher(config);
}
