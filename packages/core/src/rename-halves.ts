import type { Change } from './change.ts';
import type { EntryStat } from './entry.ts';

/**
 * What an entry is known by under whatever name; `null` where that proves nothing: of a file with
 * several hard links nobody can tell which name moved, and an inode without a birth time may have been
 * used again.
 */
export function identityKey({ type, nlink, birthtimeNs, ino, dev }: EntryStat): string | null {
  if (birthtimeNs === 0n || (nlink > 1n && type !== 'directory')) return null;
  return `${ino}:${birthtimeNs}:${dev}:${type}`;
}

/** The half of a rename that a change may be, by the identity that left or came. */
function halfOf({ kind, before, after }: Change): readonly [key: string, side: 1 | -1] | null {
  const stat = kind === 'remove' ? before : kind === 'create' ? after : null;
  const key = stat === null ? null : identityKey(stat);
  return key === null ? null : [key, kind === 'create' ? 1 : -1];
}

/** Counts the removals and creations that wait for their other half. */
export class RenameHalves {
  /** Creations minus removals of an identity, where they differ. */
  readonly #balance = new Map<string, number>();

  /** Whether every half that could be part of a rename has met its other one. */
  get met(): boolean {
    return this.#balance.size === 0;
  }

  /** Whether an entry that left, and has not come back yet, is this one. */
  left(stat: EntryStat): boolean {
    const key = identityKey(stat);
    return key !== null && (this.#balance.get(key) ?? 0) < 0;
  }

  /** Notes that one change took the place of another; `undefined` stands for none. */
  exchange(earlier: Change | undefined, later: Change | undefined): void {
    if (earlier !== undefined) this.#count(earlier, -1);
    if (later !== undefined) this.#count(later, 1);
  }

  /** Forgets everything. */
  clear(): void {
    this.#balance.clear();
  }

  #count(change: Change, by: 1 | -1): void {
    const half = halfOf(change);
    if (half === null) return;
    const [key, side] = half;
    const balance = (this.#balance.get(key) ?? 0) + side * by;
    if (balance === 0) this.#balance.delete(key);
    else this.#balance.set(key, balance);
  }
}
