import { lstatSync, readdirSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';

/** Reads a tree without any watching: the truth a watch is measured by. Keys are relative to the root and use `/`. */
export function walkTree(
  root: string,
  ignores: (relative: string) => boolean = () => false,
): ReadonlyMap<string, BigIntStats> {
  const found = new Map<string, BigIntStats>();
  const visit = (relative: string): void => {
    for (const name of readdirSync(join(root, relative))) {
      const path = relative === '' ? name : `${relative}/${name}`;
      if (ignores(path)) continue;
      const stats = lstatSync(join(root, path), { bigint: true });
      found.set(path, stats);
      if (stats.isDirectory()) visit(path);
    }
  };
  visit('');
  return found;
}
