import type { WatchBackend } from '@watchkeeper/core';
import type { BackendConfig } from './backend-config.ts';
import { FAMILY } from './backend-policy.ts';
import { LazyBackend } from './lazy-backend.ts';
import { listOf } from './rule-matcher.ts';

/** The backends a config can lead to, one stand-in per name. */
export class BackendRoster {
  readonly #options: NonNullable<BackendConfig['options']>;
  readonly #backends = new Map<string, WatchBackend>();

  constructor(config: BackendConfig) {
    this.#options = config.options ?? {};
    const rules = config.rules ?? [];
    const named = [config.use ?? 'auto', ...rules.map((rule) => rule.use)].flatMap(listOf);
    for (const name of new Set([...named, ...FAMILY])) if (name !== 'auto') this.get(name);
  }

  /** Everything in the roster. */
  get all(): readonly WatchBackend[] {
    return [...this.#backends.values()];
  }

  /** The stand-in of one name. */
  get(name: string): WatchBackend {
    const known = this.#backends.get(name);
    if (known !== undefined) return known;
    const backend = new LazyBackend(name, this.#options[name]);
    this.#backends.set(name, backend);
    return backend;
  }
}
