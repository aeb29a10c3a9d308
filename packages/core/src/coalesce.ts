import type { Change } from './change.ts';
import type { Pending } from './rename-pairing.ts';
import { sameIdentity } from './verdict.ts';

function kindOf(earlier: Change, later: Change): Change['kind'] | null {
  if (earlier.kind === 'create') return later.kind === 'remove' ? null : 'create';
  if (later.kind === 'remove') return 'remove';
  if (earlier.kind === 'remove') {
    const same =
      earlier.before !== null && later.after !== null && sameIdentity(earlier.before, later.after);
    return same ? 'modify' : 'replace';
  }
  if (earlier.kind === 'replace' || later.kind === 'replace') return 'replace';
  if (earlier.kind === 'attributes') return later.kind;
  return earlier.kind;
}

/**
 * Folds two consecutive changes of one path into what a consumer who saw neither needs to know;
 * `null` when the second undid the first. A replacement is never folded into a modification: whoever
 * reads the file must start again.
 */
export function coalesce(earlier: Pending, later: Change): Pending | null {
  const kind = kindOf(earlier, later);
  if (kind === null) return null;
  const { path, after, origin } = later;
  const folded = { kind, path, before: earlier.before, after, origin };
  const returned = earlier.kind === 'remove' || earlier.returned === true;
  return kind === 'modify' && returned ? { ...folded, returned } : folded;
}

/** Adds a change to those that wait, at most one per path. */
export function fold(pending: Map<string, Pending>, change: Change): void {
  const earlier = pending.get(change.path);
  if (earlier === undefined) {
    pending.set(change.path, change);
    return;
  }
  const folded = coalesce(earlier, change);
  if (folded === null) pending.delete(change.path);
  else pending.set(change.path, folded);
}
