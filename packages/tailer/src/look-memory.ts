import type { EntryStat } from '@watchkeeper/core';

/** The fields of a stat that show a change of content. */
export type LookStat = Pick<EntryStat, 'size' | 'ctimeNs'>;

/** What the last look at a path found, so that the same change is not looked into twice. */
export class LookMemory {
  #ctimeNs: bigint | null = null;
  #beyond = { size: 0n, position: -1 };

  /**
   * Whether there may be something to read: the size is not the position, or the file changed since the last look.
   * The size is compared with what was read, never with an earlier size.
   */
  differs(stat: LookStat, position: number): boolean {
    const changed = this.#ctimeNs !== stat.ctimeNs;
    this.#ctimeNs = stat.ctimeNs;
    return changed || stat.size !== BigInt(position);
  }

  /** Whether the file was as much longer than the position at the last look, and no read got there since. */
  isStuck(stat: LookStat, position: number): boolean {
    const { size } = this.#beyond;
    const stuck = size === stat.size && this.#beyond.position === position;
    this.#beyond = { size: stat.size, position };
    return stuck && stat.size > BigInt(position);
  }
}
