import type { BigIntStats } from 'node:fs';
import type { OpenRequest } from '@watchkeeper/core';

/**
 * Local file systems that count one link of a directory for each directory in it, which is what find(1)
 * relies on, and that renew the change time of whatever they rename. Others have one link for every
 * directory (btrfs, overlayfs), or leave it to a server.
 */
const TELLING: ReadonlySet<string> = new Set(['ext2', 'ext3', 'ext4', 'f2fs', 'tmpfs', 'xfs']);

/** Links of a directory that holds no other: its name and its own `.`. */
const LINKS_OF_A_LEAF = 2n;

/**
 * How old a change time must be to be surely older than the time of day it is compared with, in
 * milliseconds: the kernel stamps with its last tick, some milliseconds ago, and clocks are set by less.
 */
export const AGE_MS = 2000;

const NS_PER_MS = 1_000_000n;

/** What the stat of a directory tells besides its identity, where its file system can be relied on. */
export class DirectorySigns {
  readonly #telling: boolean;
  /** The device of the root: what is mounted below it may be of another kind. */
  #dev: bigint | null = null;

  constructor({ place }: Pick<OpenRequest, 'place'>) {
    this.#telling = place.platform === 'linux' && TELLING.has(place.fsType);
  }

  /** Whether signs can be had of most directories: not before the stat of the root is known. */
  get trusted(): boolean {
    return this.#telling && this.#dev !== null;
  }

  /** Takes over the stat of the root. */
  useRoot({ dev }: BigIntStats): void {
    this.#dev = dev;
  }

  /** Whether it certainly held no directories when it was read, so that it need not be listed for them. */
  isLeaf(stats: BigIntStats): boolean {
    return this.#canTell(stats) && stats.nlink === LINKS_OF_A_LEAF;
  }

  /** Whether it certainly had its name, in the directory it was read in, at a time of day in milliseconds. */
  stoodAt(stats: BigIntStats, wallMs: number): boolean {
    return this.#canTell(stats) && stats.ctimeNs < BigInt(Math.floor(wallMs) - AGE_MS) * NS_PER_MS;
  }

  #canTell({ dev }: BigIntStats): boolean {
    return this.#telling && dev === this.#dev;
  }
}
