import {
  PathWatcher,
  type BackendChoice,
  type PathWatcherOptions,
  type Place,
  type Scope,
} from '@watchkeeper/core';
import type { BackendConfig } from './backend-config.ts';
import { BackendPolicy } from './backend-policy.ts';
import { BackendRoster } from './backend-roster.ts';
import { inspectConfig } from './config-inspection.ts';
import { applyEnvironment } from './environment.ts';

/** A {@link @watchkeeper/core#PathWatcher} whose backends are chosen by a config. */
export interface ConfiguredWatcher extends PathWatcher {}

/** The class behind `createWatcher`. */
export class ConfiguredPathWatcher extends PathWatcher implements ConfiguredWatcher {
  constructor(config: BackendConfig) {
    super(optionsFor(config));
  }
}

function optionsFor(given: BackendConfig): PathWatcherOptions {
  assertConfig(given);
  const effective = applyEnvironment(given, process.env);
  const policy = new BackendPolicy(effective);
  const roster = new BackendRoster(effective.config);
  const choose = (place: Place, scope: Scope): BackendChoice => {
    const { names, because, rejected } = policy.decide({ place, scope });
    return { backends: names.map((name) => roster.get(name)), because, rejected };
  };
  return { backends: roster.all, choose, fallback: policy.hasFallback ? 'next' : 'none' };
}

function assertConfig(config: unknown): asserts config is BackendConfig {
  const issues = inspectConfig(config);
  if (issues.length === 0) return;
  const lines = issues.map(({ path, message }) =>
    path.length === 0 ? `config: ${message}` : `${path.join('.')}: ${message}`,
  );
  throw new TypeError(`createWatcher: ${lines.join('; ')}`);
}
