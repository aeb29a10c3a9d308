import type { RejectedBackend } from '@watchkeeper/core';
import { BACKEND_VARIABLE, type EffectiveConfig } from './environment.ts';
import { orderAt } from './place-order.ts';
import { listOf, RuleMatcher, type RuleTarget } from './rule-matcher.ts';

/** An order of backend names for one place, with its reasons. */
export interface PolicyDecision {
  /** Names, most wanted first; never `auto`. */
  readonly names: readonly string[];
  /** Why the first one. */
  readonly because: string;
  /** Backends of this family that are not in `names`, with the reason. */
  readonly rejected: readonly RejectedBackend[];
}

/** The backends of this family, in the order in which they are explained. */
export const FAMILY: readonly string[] = ['fs', 'poll', 'native'];

/** Turns a config into decisions: pure, so every combination of config and place can be a row of a table. */
export class BackendPolicy {
  readonly #effective: EffectiveConfig;
  readonly #rules: readonly RuleMatcher[];

  constructor(effective: EffectiveConfig) {
    this.#effective = effective;
    this.#rules = (effective.config.rules ?? []).map((rule) => new RuleMatcher(rule));
  }

  /** Whether another backend may take over from a failed one. */
  get hasFallback(): boolean {
    return this.#effective.config.fallback ?? true;
  }

  /** Orders the backends for one target. */
  decide(target: RuleTarget): PolicyDecision {
    const auto = orderAt(target.place);
    const wanted = this.#wanted(target);
    const preferred = wanted.use.flatMap((name) => (name === 'auto' ? auto.names : [name]));
    const followers = this.hasFallback ? auto.names : [];
    const names = [...new Set([...preferred, ...followers])];
    const usable = this.hasFallback ? names : names.slice(0, 1);
    const because = wanted.use[0] === 'auto' ? auto.because : wanted.because;
    return { names: usable, because, rejected: rejectedOf(usable, auto.withoutEvents) };
  }

  #wanted(target: RuleTarget): { use: readonly string[]; because: string } {
    const { config, decidedBy } = this.#effective;
    if (decidedBy !== null) {
      return { use: listOf(config.use ?? 'auto'), because: `${BACKEND_VARIABLE} names it` };
    }
    const index = this.#rules.findIndex((rule) => rule.holds(target));
    const matcher = this.#rules[index];
    if (matcher !== undefined) {
      const because = `rule ${index + 1} names it for ${matcher.describe()}`;
      return { use: listOf(matcher.rule.use), because };
    }
    return { use: listOf(config.use ?? 'auto'), because: 'the config names it' };
  }
}

function rejectedOf(names: readonly string[], withoutEvents: string | null): RejectedBackend[] {
  return FAMILY.filter((name) => !names.includes(name)).map((name) => ({
    name,
    because:
      name !== 'poll' && withoutEvents !== null ? withoutEvents : 'not asked for at this place',
  }));
}
