import { sep } from 'node:path';
import { entryPath, relativeTo, toSlashes } from './abs-path.ts';
import type { AbsPath, EntryType } from './entry.ts';
import { below, type EntryTable } from './entry-table.ts';
import type { Job } from './examiner.ts';

/** What planning needs to know of a directory or tree. */
export interface PlannedTree {
  /** The directory. */
  readonly root: AbsPath;
  /** What is known of it. */
  readonly table: EntryTable;
  /** Whether directories below it are followed too. */
  readonly kind: 'directory' | 'tree';
  /** What is left out. */
  readonly ignores: (relative: string, type: EntryType | undefined) => boolean;
}

/**
 * What to look at for one piece of evidence: the path, or the first directory on the way to it that
 * is not known; `null` when it is left out.
 */
export function planLook(tree: PlannedTree, job: Job): Job | null {
  const relative = relativeTo(tree.root, job.path);
  if (relative === null) return null;
  if (relative === '') return job;
  let node = tree.table.root;
  let path = tree.root;
  let known = '';
  const names = relative.split(sep);
  for (const [index, name] of names.entries()) {
    const last = index === names.length - 1;
    if (!last && tree.kind !== 'tree') return null;
    path = entryPath(path, name);
    known = below(known, name);
    const child = node.children?.get(name);
    if (last || child?.stat.type !== 'directory') {
      if (tree.ignores(toSlashes(known), child?.stat.type)) return null;
      return last ? job : { path, reach: 'entry', origin: job.origin };
    }
    node = child;
  }
  return null;
}
