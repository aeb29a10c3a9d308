import { canonicalHash } from './canonical.ts';
import { freezeShared } from './freeze.ts';
import type { DeepReadonly } from './key-path.ts';
import type { Reason, Snapshot, SourceState } from './snapshot.ts';

/**
 * The snapshot that a validated value makes after `previous`: the next generation, frozen, sharing
 * what is equal; or `previous` itself when nothing differs.
 */
export function nextSnapshot<T>(
  value: T,
  previous: Snapshot<T> | undefined,
  facts: {
    readonly at: number;
    readonly reason: Reason;
    readonly sources: readonly SourceState[];
  },
): Snapshot<T> {
  const frozen = freezeShared(value, previous?.value) as DeepReadonly<T>;
  if (previous !== undefined && Object.is(frozen, previous.value)) return previous;
  const hash = canonicalHash(frozen);
  return Object.freeze({
    value: frozen,
    generation: (previous?.generation ?? 0) + 1,
    hash,
    at: facts.at,
    reason: facts.reason,
    sources: Object.freeze([...facts.sources]),
  });
}
