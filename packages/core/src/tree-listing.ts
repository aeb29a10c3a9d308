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
  /** What is left out; `undefined` when nothing is. */
  readonly ignores: ((relative: string, type: EntryType | undefined) => boolean) | undefined;
}

/** The steps that find the names to look at in a directory: those it holds, and those it is known to hold. */
export function* namesIn(directory: ListedDirectory, known: EntryNode): Steps<Names> {
  const listing = yield* seenIn(directory);
  if (isWatchError(listing) || known.children === null) return listing;
  const names = new Set(listing);
  for (const { name } of known.children.values()) names.add(name);
  return [...names];
}

function* seenIn({ path, relative, ignores }: ListedDirectory): Steps<Names> {
  // What the entries are is only asked where somebody decides by it.
  if (ignores === undefined) return yield* listNames(path);
  const listing = yield* listDirectory(path);
  if (isWatchError(listing)) return listing;
  return listing
    .filter((entry) => !ignores(toSlashes(below(relative, entry.name)), entryType(entry)))
    .map(({ name }) => name);
}
