import type { RejectedBackend } from '@watchkeeper/core';
import type { EffectiveConfig } from './environment.ts';
import { orderAt, type PlaceOrder } from './place-order.ts';
import { listOf, RuleMatcher, type RuleTarget } from './rule-matcher.ts';

/** An order of backend names for one place, with its reasons. */
export interface PolicyDecision {
  /** Names, most wanted first; never `auto`. */
  readonly names: readonly string[];
  /** Why this order. */
  readonly because: string;
  /** Backends that are not in `names`, with the reason. */
  readonly rejected: readonly RejectedBackend[];
}

/** The backends of this family, in the order in which they are explained. */
export const FAMILY: readonly string[] = ['fs', 'poll', 'chokidar', 'native'];

/** What was asked for at one target, and by whom. */
interface Demand {
  readonly use: readonly string[];
  readonly by: string;
}

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

  /** Whether what is decided for a file may differ from what is decided for its neighbours. */
  get looksAtPaths(): boolean {
    return this.#rules.some((rule) => rule.looksAtPaths);
  }

  /**
   * The same text for files of one directory of which the same is asked. What hangs on the file system
   * is left open, because that is not known yet.
   */
  groupOf(path: string): string {
    const asked: string[] = [];
    for (const [index, matcher] of this.#rules.entries()) {
      const foresight = matcher.foresee(path);
      if (foresight === 'fails') continue;
      const use = listOf(matcher.rule.use).join();
      if (foresight === 'holds') return [...asked, use].join(';');
      asked.push(`${index}?${use}`);
    }
    return [...asked, listOf(this.#effective.config.use ?? 'auto').join()].join(';');
  }

  /** Orders the backends for one target. */
  decide(target: RuleTarget): PolicyDecision {
    const auto = orderAt(target.place);
    const { use, by } = this.#demandAt(target);
    const asked = unique(use.flatMap((name) => (name === 'auto' ? auto.names : [name])));
    const names = this.hasFallback ? unique([...asked, ...auto.names]) : asked.slice(0, 1);
    const isAuto = use[0] === 'auto';
    const because = isAuto ? auto.because : `${by} asks for ${use.join(', ')}`;
    return { names, because, rejected: rejectedOf(names, asked, auto) };
  }

  #demandAt(target: RuleTarget): Demand {
    const { config, decidedBy } = this.#effective;
    const index = this.#rules.findIndex((rule) => rule.holds(target));
    const matcher = this.#rules[index];
    if (matcher !== undefined) {
      return {
        use: listOf(matcher.rule.use),
        by: `rule ${index + 1} (${matcher.describe()})`,
      };
    }
    return {
      use: listOf(config.use ?? 'auto'),
      by: decidedBy ?? 'the config',
    };
  }
}

function rejectedOf(
  names: readonly string[],
  asked: readonly string[],
  auto: PlaceOrder,
): RejectedBackend[] {
  return unique([...asked, ...FAMILY])
    .filter((name) => !names.includes(name))
    .map((name) => {
      if (asked.includes(name))
        return { name, because: 'fallback is off, and it is not the first' };
      if (name !== 'poll' && !auto.trustsEvents) return { name, because: auto.because };
      return { name, because: 'nothing asks for it at this place' };
    });
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
