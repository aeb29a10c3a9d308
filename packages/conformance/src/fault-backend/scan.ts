import { lstatSync, readdirSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import type { AbsPath, EntryType, OpenRequest } from '@watchkeeper/core';
import { entryType, errorCode } from '@watchkeeper/core/backend-kit';
import type { Faults } from './faults.ts';

/** What is known of a scope: a fingerprint per path. */
export type Snapshot = ReadonlyMap<AbsPath, string>;

/** What one look found: entries, and paths that could not be read. */
export interface Scan {
  readonly entries: Snapshot;
  readonly unreadable: ReadonlyMap<AbsPath, Error>;
}

/** Reads a whole scope. What vanishes meanwhile is not there; what cannot be read is said to be so. */
export function scanScope(request: OpenRequest, faults: Faults): Scan {
  const entries = new Map<AbsPath, string>();
  const unreadable = new Map<AbsPath, Error>();
  const scope = faults.disregardScope ? { kind: 'tree' as const } : request.scope;
  const attempt = (path: AbsPath, read: () => void): void => {
    try {
      const code = faults.refuse?.(path) ?? null;
      if (code !== null) throw Object.assign(new Error(`${code}: ${path}`), { code });
      read();
    } catch (error) {
      const code = errorCode(error);
      if (!(error instanceof Error) || code === undefined) throw error;
      // Gone, or another entry by now: the next look tells.
      if (code !== 'ENOENT' && code !== 'ENOTDIR') unreadable.set(path, error);
    }
  };
  const visit = (directory: AbsPath, prefix: string): void => {
    for (const name of readdirSync(directory)) {
      const relative = prefix + name;
      if (scope.kind === 'names' && !scope.names.has(relative)) continue;
      const path = join(directory, name) as AbsPath;
      attempt(path, () => {
        const stats = lstatSync(path, { bigint: true });
        const type = entryType(stats);
        if (isLeftOut(relative, type, request, faults)) return;
        entries.set(path, fingerprint(stats));
        if (type === 'directory' && scope.kind === 'tree') visit(path, `${relative}/`);
      });
    }
  };
  attempt(request.root, () => visit(request.root, ''));
  return { entries, unreadable };
}

/** Paths that are not what they were. What could not be read now counts as unchanged, with all below it. */
export function differences(before: Snapshot, { entries, unreadable }: Scan): readonly AbsPath[] {
  const paths = new Set([...before.keys(), ...entries.keys()]);
  const hidden = [...unreadable.keys()];
  return [...paths].filter((path) => {
    if (before.get(path) === entries.get(path)) return false;
    if (entries.has(path)) return true;
    return !hidden.some((top) => path === top || path.startsWith(`${top}/`));
  });
}

function isLeftOut(
  relative: string,
  type: EntryType,
  request: OpenRequest,
  faults: Faults,
): boolean {
  const ignored = request.ignores(relative, type);
  if (faults.disregardIgnores) request.ignores(`${relative}/below`, undefined);
  return (ignored && !faults.disregardIgnores) || faults.skip?.(relative, type) === true;
}

function fingerprint({ mode, size, mtimeNs, ctimeNs, ino, birthtimeNs }: BigIntStats): string {
  return [mode, size, mtimeNs, ctimeNs, ino, birthtimeNs].join();
}
