import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';

import type { SourceState } from './store.ts';

/** Where a transcript is and how it looks, by `stat`. */
export interface SourceStat {
  /** Absolute path. */
  readonly path: string;
  /** Size in bytes. */
  readonly size: number;
  /** Modification time in nanoseconds, as a decimal string. */
  readonly mtimeNs: string;
}

/**
 * The modification time of a file in nanoseconds since the epoch, or `0n` when it cannot be stat'd
 * for whatever reason. Synchronous.
 */
export function statMtime(path: string): bigint {
  try {
    return statSync(path, { bigint: true }).mtimeNs;
  } catch {
    // Not being able to stat is the answer here, and every reason for it means the same.
    return 0n;
  }
}

/** Stats a transcript; `null` when it is not there or cannot be reached. */
export async function statSourceFile(path: string): Promise<SourceStat | null> {
  try {
    const found = await stat(path, { bigint: true });
    return found.isFile()
      ? { path, size: Number(found.size), mtimeNs: String(found.mtimeNs) }
      : null;
  } catch {
    // Gone, moved, or no longer reachable: for a reader of the store it is all the same.
    return null;
  }
}

/** Whether the store recorded exactly this file in exactly this state. */
export function isRecorded(found: SourceStat, recorded: SourceState | null): boolean {
  return (
    recorded !== null &&
    recorded.path === found.path &&
    recorded.size === found.size &&
    recorded.mtimeNs === found.mtimeNs
  );
}
