import { entryPath, toSlashes } from './abs-path.ts';
import type { Differs } from './audited.ts';
import type { AbsPath, EntryStat, EntryType } from './entry.ts';
import { entryType } from './entry-stat.ts';
import { below, type EntryNode, type EntryTable } from './entry-table.ts';
import { isWatchError } from './errors.ts';
import { CHUNK } from './examiner.ts';
import { listDirectory, statAll, type Steps } from './look.ts';
import type { Look } from './resolver.ts';
import { verdict } from './verdict.ts';

/** What an audit of a tree needs to know of its scope. */
export interface AuditedTree {
  /** The directory. */
  readonly root: AbsPath;
  /** What is known of it. */
  readonly table: EntryTable;
  /** Whether directories below it are followed too. */
  readonly deep: boolean;
  /** What is left out; `undefined` when nothing is. */
  readonly ignores: ((relative: string, type: EntryType | undefined) => boolean) | undefined;
}

interface Place {
  readonly node: EntryNode;
  readonly path: AbsPath;
  readonly relative: string;
}

/** Whether a look contradicts what is known; what cannot be looked at contradicts nothing. */
export function contradicts(known: EntryStat | null, found: Look | undefined): boolean {
  return found !== undefined && !isWatchError(found) && verdict(known, found) !== null;
}

/**
 * Compares a table with the disk: every directory is listed, every entry gets a stat. The times of a
 * directory are no gate: a touch of the directory renews what is known of them while another name in it
 * may still be unknown, and a listing costs a tenth of the stats.
 */
export function* auditTree(tree: AuditedTree, differs: Differs): Steps {
  const { root, table, deep } = tree;
  const [found] = yield* statAll([root]);
  if (contradicts(table.root.stat, found)) differs(root, table.root.stat);
  const pending: Place[] = [{ node: table.root, path: root, relative: '' }];
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    if (!table.holds(place.node) || place.node.stat.type !== 'directory') continue;
    const listing = yield* listDirectory(place.path);
    // What cannot be listed is unreadable, which is followed up, or gone, which its stat tells.
    if (isWatchError(listing)) continue;
    const names = new Set<string>();
    for (const { name } of place.node.children?.values() ?? []) names.add(name);
    for (const entry of listing) {
      const { name } = entry;
      if (names.has(name)) continue;
      const relative = toSlashes(below(place.relative, name));
      if (tree.ignores?.(relative, entryType(entry)) !== true) names.add(name);
    }
    yield* compare(place, [...names], differs);
    if (!deep) return;
    for (const node of place.node.children?.values() ?? []) {
      if (node.stat.type !== 'directory') continue;
      const relative = below(place.relative, node.name);
      pending.push({ node, path: entryPath(place.path, node.name), relative });
    }
  }
}

function* compare({ node, path }: Place, names: readonly string[], differs: Differs): Steps {
  for (let start = 0; start < names.length; start += CHUNK) {
    const chunk = names.slice(start, start + CHUNK);
    const paths = chunk.map((name) => entryPath(path, name));
    const looks = yield* statAll(paths);
    for (const [index, full] of paths.entries()) {
      const known = node.children?.get(chunk[index] ?? '')?.stat ?? null;
      if (contradicts(known, looks[index])) differs(full, known);
    }
  }
}
