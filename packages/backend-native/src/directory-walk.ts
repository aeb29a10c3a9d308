import { readdirSync } from 'node:fs';
import {
  isAbsence,
  isSameEntry,
  readStats,
  turn,
  type EntryIdentity,
} from '@watchkeeper/core/backend-kit';
import { childOf } from './directory-table.ts';
import { assertReadable } from './readable.ts';

/** Decides who wants a directory; the same for everybody or nobody below it. */
export type Interest<T> = (relative: string, wantedBy: readonly T[]) => readonly T[];

/** What a walk found below its top; paths are relative to the root with `/`. */
export interface WalkResult {
  /** Directories somebody wants, the top included, parents before children. */
  readonly directories: ReadonlyMap<string, EntryIdentity>;
  /** The highest directories that nobody wants. */
  readonly refused: ReadonlySet<string>;
  /** Directories that cannot be read, listed or entered, with the reason. */
  readonly unreadable: ReadonlyMap<string, unknown>;
}

/** How a walk goes about it. */
export interface WalkOptions<T> {
  /** Absolute path of the root. */
  readonly absolute: (relative: string) => string;
  readonly interest: Interest<T>;
  readonly now: () => number;
  readonly sliceMs: number;
}

/** Lists the directories of a tree, never following a link and never holding the event loop for longer than a slice. */
export async function walkDirectories<T>(
  top: string,
  wantedBy: readonly T[],
  options: WalkOptions<T>,
): Promise<WalkResult> {
  const directories = new Map<string, EntryIdentity>();
  const refused = new Set<string>();
  const unreadable = new Map<string, unknown>();
  const waiting: { relative: string; wantedBy: readonly T[] }[] = [{ relative: top, wantedBy }];
  let sliceEnd = options.now() + options.sliceMs;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (options.now() >= sliceEnd) {
      await turn();
      sliceEnd = options.now() + options.sliceMs;
    }
    const path = options.absolute(next.relative);
    try {
      const stats = readStats(path);
      // An entry that vanished between its listing and this look is no concern of a walk.
      if (!stats?.isDirectory()) continue;
      const names = subdirectories(path);
      directories.set(next.relative, identityOf(stats));
      for (const name of names) {
        const relative = childOf(next.relative, name);
        const remaining = options.interest(relative, next.wantedBy);
        if (remaining.length === 0) refused.add(relative);
        else waiting.push({ relative, wantedBy: remaining });
      }
    } catch (error) {
      if (!isAbsence(error)) unreadable.set(next.relative, error);
    }
  }
  return { directories, refused, unreadable };
}

/**
 * Names of the directories directly below a directory. Throws what the system says, also where the
 * directory can be listed and nothing in it be reached: what is there could not be walked.
 */
export function subdirectories(path: string): string[] {
  assertReadable(path);
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** Keeps the part of a reading that tells directories apart. */
export function identityOf({ dev, ino, birthtimeNs }: EntryIdentity): EntryIdentity {
  return { dev, ino, birthtimeNs };
}

/** The highest directories of a later walk that an earlier one did not find, or found to be others. */
export function freshDirectories(before: WalkResult, after: WalkResult): string[] {
  const fresh: string[] = [];
  for (const [relative, identity] of after.directories) {
    const earlier = before.directories.get(relative);
    if (earlier !== undefined && isSameEntry(earlier, identity)) continue;
    const isInside = fresh.some((top) => relative.startsWith(`${top}/`));
    if (!isInside) fresh.push(relative);
  }
  return fresh;
}
