import {
  PathWatcher,
  type BackendChoice,
  type BackendSelection,
  type Place,
  type Scope,
} from '@watchkeeper/core';
import type { BackendConfig } from './backend-config.ts';
import { BackendPolicy } from './backend-policy.ts';
import { BackendRoster } from './backend-roster.ts';
import { inspectConfig } from './config-inspection.ts';
import { applyEnvironment, type EffectiveConfig } from './environment.ts';

/** A {@link @watchkeeper/core#PathWatcher} whose backends are chosen by a config. */
export interface ConfiguredWatcher extends PathWatcher {
  /**
   * Takes another config over and moves every open watch to the backends it leads to, while they go
   * on: nothing is lost, nothing is told twice. Watches whose backend and options stay the same are
   * left alone. Resolves when all are live again. The environment wins as it does in `createWatcher`.
   *
   * A watch that none of the wanted backends can serve stays with the one it has, and the promise
   * rejects with the reason.
   *
   * @throws TypeError when the config is wrong, naming each option; nothing has changed then.
   * @throws WatchError the first reason why some watch stayed where it was.
   *
   * @example
   * ```ts
   * import { createWatcher } from '@watchkeeper/backends';
   *
   * const watcher = createWatcher({ use: 'fs' });
   * const watch = watcher.watch('.', { recursive: true });
   * await watch.ready;
   * await watcher.reconfigure({ use: 'poll', options: { poll: { intervalMs: 500 } } });
   * console.log(watch.backend?.name);
   * await watcher.close();
   * ```
   */
  reconfigure(config: BackendConfig): Promise<void>;
}

/** The class behind `createWatcher`. */
export class ConfiguredPathWatcher extends PathWatcher implements ConfiguredWatcher {
  #roster: BackendRoster;

  constructor(config: BackendConfig) {
    const effective = effectiveFrom(config, 'createWatcher');
    const roster = new BackendRoster(effective.config);
    super(selectionFor(effective, roster));
    this.#roster = roster;
  }

  async reconfigure(config: BackendConfig): Promise<void> {
    const effective = effectiveFrom(config, 'reconfigure');
    const roster = new BackendRoster(effective.config, this.#roster);
    const selection = selectionFor(effective, roster);
    this.#roster = roster;
    await this.useBackends(selection);
  }
}

function selectionFor(effective: EffectiveConfig, roster: BackendRoster): BackendSelection {
  const policy = new BackendPolicy(effective);
  const choose = (place: Place, scope: Scope): BackendChoice => {
    const { names, because, rejected } = policy.decide({ place, scope });
    return { backends: names.map((name) => roster.get(name)), because, rejected };
  };
  return {
    backends: roster.all,
    choose,
    fallback: policy.hasFallback ? 'next' : 'none',
    // Without a rule on paths nobody need be asked about each file.
    ...(policy.looksAtPaths ? { groupOf: (path: string) => policy.groupOf(path) } : {}),
  };
}

function effectiveFrom(given: BackendConfig, method: string): EffectiveConfig {
  assertConfig(given, method);
  return applyEnvironment(given, process.env);
}

function assertConfig(config: unknown, method: string): asserts config is BackendConfig {
  const issues = inspectConfig(config);
  if (issues.length === 0) return;
  const lines = issues.map(({ path, message }) =>
    path.length === 0 ? `config: ${message}` : `${path.join('.')}: ${message}`,
  );
  throw new TypeError(`${method}: ${lines.join('; ')}`);
}
