import { PathWatcher, type BackendChoice, type Place, type Scope } from '@watchkeeper/core';
import type { BackendConfig } from './backend-config.ts';
import { BackendPolicy } from './backend-policy.ts';
import { BackendRoster } from './backend-roster.ts';
import { inspectConfig } from './config-inspection.ts';
import { applyEnvironment } from './environment.ts';

/** A {@link @watchkeeper/core#PathWatcher} whose backends were chosen by a config. */
export interface ConfiguredWatcher extends PathWatcher {}

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
  assertConfig(config);
  const effective = applyEnvironment(config, process.env);
  const policy = new BackendPolicy(effective);
  const roster = new BackendRoster(effective.config);
  const choose = (place: Place, scope: Scope): BackendChoice => {
    const { names, because, rejected } = policy.decide({ place, scope });
    return { backends: names.map((name) => roster.get(name)), because, rejected };
  };
  const fallback = policy.hasFallback ? 'next' : 'none';
  return new PathWatcher({ backends: roster.all, choose, fallback });
}

function assertConfig(config: unknown): asserts config is BackendConfig {
  const issues = inspectConfig(config);
  if (issues.length === 0) return;
  const lines = issues.map(({ path, message }) =>
    path.length === 0 ? `the config ${message}` : `option "${path.join('.')}" ${message}`,
  );
  throw new TypeError(`createWatcher: ${lines.join('; ')}`);
}
