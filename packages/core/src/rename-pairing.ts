import { sep } from 'node:path';
import type { Change } from './change.ts';
import type { EntryStat } from './entry.ts';
import { identityKey } from './rename-halves.ts';
import { sameIdentity, verdict } from './verdict.ts';

/** Both halves of what may be one rename. */
interface Pair {
  readonly gone: Change;
  readonly come: Change;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(sep)));
}

/** Whether a path lies below one of some paths. */
function isBelow(path: string, paths: { has(path: string): boolean }): boolean {
  for (let at = path.lastIndexOf(sep); at > 0; at = path.lastIndexOf(sep, at - 1)) {
    if (paths.has(path.slice(0, at))) return true;
  }
  return false;
}

function byLength(a: Change, b: Change): number {
  return a.path.length - b.path.length;
}

/** Finds identities that left exactly one name and came to exactly one other. */
function candidates(changes: readonly Change[]): readonly Pair[] {
  const left = new Map<string, Change | null>();
  const came = new Map<string, Change | null>();
  const replaced = new Set<string>();
  const note = (to: Map<string, Change | null>, stat: EntryStat | null, change: Change): void => {
    const key = stat === null ? null : identityKey(stat);
    // Once more, or by a replacement: there is no telling what went where.
    if (key !== null) to.set(key, to.has(key) || change.kind === 'replace' ? null : change);
  };
  for (const change of changes) {
    const { kind, before, after } = change;
    if (kind === 'remove' || kind === 'replace') note(left, before, change);
    if (kind === 'create' || kind === 'replace') note(came, after, change);
    if (kind === 'replace') replaced.add(change.path);
  }
  const pairs: Pair[] = [];
  for (const [key, gone] of left) {
    const come = came.get(key) ?? null;
    // What moved below a replaced name can only be told after the replacement.
    if (gone !== null && come !== null && !isBelow(come.path, replaced)) pairs.push({ gone, come });
  }
  return pairs;
}

/** An entry that came back under its own name as it had left: renamed, and renamed back. */
function cameBack({ kind, before, after, returned }: Pending): boolean {
  if (kind !== 'modify' || returned !== true || before === null || after === null) return false;
  // Being renamed moves the time of change of the entry itself, and nothing else.
  return verdict({ ...before, ctimeNs: after.ctimeNs }, after) === null;
}

/** A change that waits; `returned`: the same entry left this name and took it again. */
export type Pending = Change & { readonly returned?: true };

/**
 * Turns removals and creations of one entry into renames. A renamed directory is one rename, and
 * what moved along with it is told only where it changed. What cannot be told as renames one after
 * another stays in halves: entries that moved from one renamed directory into another.
 *
 * Renames are returned in the order in which they can be applied after the removals.
 */
export function pairRenames(changes: readonly Pending[]): readonly Change[] {
  const standing = changes.filter((change) => !cameBack(change));
  const pairs = candidates(standing);
  if (pairs.length === 0) return standing;
  const rest = new Map(standing.map((change) => [change.path, change]));
  const sources = new Set(pairs.map(({ gone }) => gone.path));
  const targets = new Set(pairs.map(({ come }) => come.path));
  const partners = new Map(pairs.map(({ gone, come }) => [gone.path, come]));
  /** Where directories went: those of the pairs, and those that moved along. */
  const moved = new Map<string, string>();
  const renames: { readonly change: Change; readonly out: boolean }[] = [];
  const told: Change[] = [];

  for (const gone of standing.filter(({ kind }) => kind === 'remove').toSorted(byLength)) {
    const parent = moved.get(parentOf(gone.path));
    const along =
      parent === undefined ? undefined : parent + gone.path.slice(parentOf(gone.path).length);
    const there = along === undefined ? undefined : rest.get(along);
    if (there?.kind === 'create' && gone.before !== null && there.after !== null) {
      if (sameIdentity(gone.before, there.after)) {
        rest.delete(gone.path);
        rest.delete(there.path);
        moved.set(gone.path, there.path);
        const kind = verdict(gone.before, there.after);
        if (kind !== null) told.push({ ...there, kind, before: gone.before });
        continue;
      }
      const isDirectory = 'directory' === gone.before.type || 'directory' === there.after.type;
      if (!isDirectory && !partners.has(gone.path) && !targets.has(there.path)) {
        rest.delete(gone.path);
        rest.delete(there.path);
        told.push({ ...there, kind: 'replace', before: gone.before });
        continue;
      }
    }
    const come = partners.get(gone.path);
    const out = isBelow(gone.path, sources);
    if (come === undefined || (out && isBelow(come.path, targets))) continue;
    rest.delete(gone.path);
    rest.delete(come.path);
    moved.set(gone.path, come.path);
    renames.push({
      out,
      change: { ...come, kind: 'rename', from: gone.path, before: gone.before },
    });
  }
  // What left a renamed directory goes first, deepest first; else each place is there before what moves into it.
  const ordered = renames.toSorted((a, b) => {
    if (a.out !== b.out) return a.out ? -1 : 1;
    if (a.out) return (b.change.from?.length ?? 0) - (a.change.from?.length ?? 0);
    return byLength(a.change, b.change);
  });
  return [...ordered.map(({ change }) => change), ...told, ...rest.values()];
}
