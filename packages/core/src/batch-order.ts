import { sep } from 'node:path';
import type { Change, ChangeKind } from './change.ts';

/** A replacement stands with the creations, so that it precedes what was created inside it. */
const rank: Readonly<Record<ChangeKind, number>> = {
  remove: 0,
  rename: 1,
  create: 2,
  replace: 2,
  modify: 3,
  attributes: 3,
};

function depth(path: string): number {
  let separators = 0;
  for (let at = path.indexOf(sep); at !== -1; at = path.indexOf(sep, at + 1)) separators++;
  return separators;
}

/**
 * Orders the changes of one batch so that a consumer can apply them one after another: removals
 * deepest first, then renames, then what is new shallowest first, then modifications. Equals keep
 * their order.
 */
export function orderBatch(changes: Iterable<Change>): readonly Change[] {
  const ordered = [...changes];
  if (ordered.length < 2) return ordered;
  const keyed = ordered.map((change) => {
    const own = rank[change.kind];
    const below = depth(change.path);
    return { change, own, below: own === 0 ? -below : own === 2 ? below : 0 };
  });
  keyed.sort((a, b) => a.own - b.own || a.below - b.below);
  return keyed.map(({ change }) => change);
}
