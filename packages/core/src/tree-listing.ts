import { toSlashes } from './abs-path.ts';
import type { AbsPath, EntryType } from './entry.ts';
import { entryType } from './entry-stat.ts';
import { below, type EntryNode } from './entry-table.ts';
import { isWatchError } from './errors.ts';
import { listDirectory, listNames, type Names, type Steps } from './look.ts';

/** A directory of a tree that is to be listed. */
export interface ListedDirectory {
  /** Where it is. */
  readonly path: AbsPath;
  /** The same, relative to the root of the tree. */
  readonly relative: string;
  /** What is known of it. */
  readonly node: EntryNode;
  /** What is left out; `undefined` when nothing is. */
  readonly ignores: ((relative: string, type: EntryType | undefined) => boolean) | undefined;
}

/** The steps that find the names to look at in a directory: those it holds, and those it is known to have held. */
export function* namesIn({ path, relative, node, ignores }: ListedDirectory): Steps<Names> {
  if (ignores === undefined) {
    // What the entries are is only asked where somebody decides by it.
    const names = yield* listNames(path);
    if (isWatchError(names) || node.children === null) return names;
    return [...names, ...missingFrom(names, node)];
  }
  const listing = yield* listDirectory(path);
  if (isWatchError(listing)) return listing;
  const missing = missingFrom(
    listing.map(({ name }) => name),
    node,
  );
  const kept = listing.filter(
    (entry) => !ignores(toSlashes(below(relative, entry.name)), entryType(entry)),
  );
  return [...kept.map(({ name }) => name), ...missing];
}

function missingFrom(names: readonly string[], { children }: EntryNode): readonly string[] {
  if (children === null) return [];
  const there = new Set(names);
  const missing: string[] = [];
  for (const { name } of children.values()) if (!there.has(name)) missing.push(name);
  return missing;
}
