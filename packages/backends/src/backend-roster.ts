import { isDeepStrictEqual } from 'node:util';
import type { WatchBackend } from '@watchkeeper/core';
import type { BackendConfig } from './backend-config.ts';
import { FAMILY } from './backend-policy.ts';
import { LazyBackend } from './lazy-backend.ts';
import { listOf } from './rule-matcher.ts';

/** The backends a config can lead to, one stand-in per name. */
export class BackendRoster {
  readonly #options: NonNullable<BackendConfig['options']>;
  readonly #backends = new Map<string, WatchBackend>();

  /** `former` lends its stand-ins where their options are the same, so that what they serve may stay as it is. */
  constructor(config: BackendConfig, former: BackendRoster | null = null) {
    this.#options = config.options ?? {};
    const rules = config.rules ?? [];
    const named = [config.use ?? 'auto', ...rules.map((rule) => rule.use)].flatMap(listOf);
    for (const name of new Set([...named, ...FAMILY])) {
      if (name === 'auto') continue;
      const lent = former?.find(name, this.#options[name]);
      this.#backends.set(name, lent ?? new LazyBackend(name, this.#options[name]));
    }
  }

  /** Everything in the roster. */
  get all(): readonly WatchBackend[] {
    return [...this.#backends.values()];
  }

  /** The stand-in of one name, if there is one with these options. */
  find(name: string, options: unknown): WatchBackend | undefined {
    if (!isDeepStrictEqual(this.#options[name], options)) return undefined;
    return this.#backends.get(name);
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
