import {
  PathWatcher,
  type BackendChoice,
  type Explanation,
  type Place,
  type Scope,
  type WatchBackend,
} from '@watchkeeper/core';
import { BackendPolicy, FAMILY } from '../backend-policy.ts';
import { BackendRoster } from '../backend-roster.ts';
import type { EffectiveConfig } from '../environment.ts';
import { listOf, RuleMatcher, type RuleTarget } from '../rule-matcher.ts';

/** Who would watch a place, in which order, and what was asked for. */
export interface ConfiguredOrder {
  readonly explanation: Explanation;
  /** Names, most wanted first. */
  readonly order: readonly string[];
  /** Names the config, a rule or the environment has for this place. */
  readonly asked: readonly string[];
  /** `order`, then every other backend of the config and of this family. */
  readonly names: readonly string[];
}

/** Answers for one config what a watcher of that config would do. */
export class OrderOfConfig {
  readonly #effective: EffectiveConfig;
  readonly #policy: BackendPolicy;
  readonly #roster: BackendRoster;
  #decided: { order: readonly string[]; asked: readonly string[] } = { order: [], asked: [] };
  readonly #watcher: PathWatcher;

  constructor(effective: EffectiveConfig) {
    this.#effective = effective;
    this.#policy = new BackendPolicy(effective);
    this.#roster = new BackendRoster(effective.config);
    this.#watcher = new PathWatcher({
      backends: this.#roster.all,
      choose: (place, scope) => this.#choose(place, scope),
      fallback: this.hasFallback ? 'next' : 'none',
    });
  }

  /** Whether another backend takes over from one that fails. */
  get hasFallback(): boolean {
    return this.#policy.hasFallback;
  }

  /** The backend of a name. */
  backend(name: string): WatchBackend {
    return this.#roster.get(name);
  }

  /** What a watch of this path would use; core resolves the path as it would for the watch. */
  async at(path: string): Promise<ConfiguredOrder> {
    const explanation = await this.#watcher.explain(path, { recursive: true });
    const { order, asked } = this.#decided;
    const all = [...order, ...asked, ...this.#roster.all.map(({ name }) => name), ...FAMILY];
    return { explanation, order, asked, names: [...new Set(all)] };
  }

  #choose(place: Place, scope: Scope): BackendChoice {
    const target = { place, scope };
    const { names, because, rejected } = this.#policy.decide(target);
    this.#decided = { order: names, asked: this.#askedAt(target) };
    return { backends: names.map((name) => this.#roster.get(name)), because, rejected };
  }

  #askedAt(target: RuleTarget): readonly string[] {
    const { rules = [], use = 'auto' } = this.#effective.config;
    const rule = rules.find((rule) => new RuleMatcher(rule).holds(target));
    return listOf(rule?.use ?? use).filter((name) => name !== 'auto');
  }
}
