import { readlinkSync, type BigIntStats } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import type { Change, ChangeBatch, EntryStat, EntryType } from '@watchkeeper/core';
import { walkTree } from './tree-walk.ts';

/** How a tree that was told is compared. */
export interface Comparison {
  /** Leaves out of the walk what was not asked for. @defaultValue nothing */
  readonly ignores?: (relative: string) => boolean;
  /**
   * Whether a file with several names must be right under each of them. Events name one of its
   * directories only, so that only a backend that looks at everything can know. @defaultValue `true`
   */
  readonly hardLinks?: boolean;
}

/**
 * What somebody knows of a tree who believes every change of a watch: the told side of every
 * comparison with an independent walk. Keys are relative to the watched path and use `/`; the
 * watched path itself is left out.
 */
export class ToldTree {
  readonly #root: string;
  readonly #entries = new Map<string, EntryStat>();
  /** Identities that had several names at some time. */
  readonly #linked = new Set<string>();
  /** Changes that cannot follow from what was told before, in words. */
  readonly contradictions: string[] = [];
  #sequence = 0;
  /** What renames of the present batch take away: removals come before them. */
  #leaving: readonly string[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  /** How many entries were told. */
  get size(): number {
    return this.#entries.size;
  }

  /** Believes a batch. */
  take({ sequence, changes }: ChangeBatch): void {
    this.#sequence += 1;
    if (sequence !== this.#sequence) {
      this.contradictions.push(`batch ${sequence} came where ${this.#sequence} was due`);
      this.#sequence = sequence;
    }
    this.#leaving = changes.flatMap(({ from }) => (from === undefined ? [] : this.#nameOf(from)));
    for (const change of changes) this.#believe(change);
  }

  /** What an independent walk of `root` finds otherwise than it was told, in words. */
  differences(root: string, comparison: Comparison = {}): readonly string[] {
    const walked = walkTree(root, comparison.ignores);
    this.#noteLinks(walked.values());
    const paths = [...new Set([...walked.keys(), ...this.#entries.keys()])].sort();
    return paths.flatMap((path) => {
      const told = this.#entries.get(path);
      const found = walked.get(path);
      if (told === undefined && found === undefined) return [];
      if (told === undefined) return [`${path}: not told, but there is a ${kindOf(found)}`];
      if (found === undefined) return [`${path}: told as a ${told.type}, but there is nothing`];
      const lenient = comparison.hardLinks === false && this.#linked.has(identity(found));
      return compare(told, found, join(root, path), lenient).map((words) => `${path}: ${words}`);
    });
  }

  /** Remembers which files of a tree have several names now: they may have one again when it is compared. */
  noteLinks(root: string): void {
    this.#noteLinks(walkTree(root).values());
  }

  #noteLinks(found: Iterable<BigIntStats>): void {
    for (const stats of found) {
      if (stats.isFile() && stats.nlink > 1n) this.#linked.add(identity(stats));
    }
  }

  #believe(change: Change): void {
    const path = this.#nameOf(change.path);
    if (path === '') return;
    const complaint = this.#contradiction(change, path);
    if (complaint !== null) this.contradictions.push(`${change.kind} of ${path}: ${complaint}`);
    if (change.from !== undefined) this.#move(this.#nameOf(change.from), path);
    if (change.after === null) this.#entries.delete(path);
    else this.#entries.set(path, change.after);
  }

  /** A renamed directory takes along what is in it. */
  #move(from: string, to: string): void {
    for (const [path, stat] of [...this.#entries]) {
      if (!isWithin(path, from)) continue;
      this.#entries.delete(path);
      this.#entries.set(to + path.slice(from.length), stat);
    }
  }

  #contradiction({ kind, from, before, after }: Change, path: string): string | null {
    const known = this.#entries.get(kind === 'rename' ? this.#nameOf(from ?? '') : path);
    if ((after === null) !== (kind === 'remove'))
      return 'only what is removed has no state after it';
    if (kind === 'rename' && this.#entries.has(path)) return 'there was another entry';
    if (kind === 'create') {
      const parent = posix.dirname(path);
      if (known !== undefined || before !== null) return 'it was known';
      return parent === '.' || this.#entries.has(parent) ? null : 'its directory was not told';
    }
    if (known === undefined || before === null) return 'it was not known';
    if (!isSame(known, before)) return 'the state before is not what was told';
    if (kind !== 'remove') return null;
    const inside = [...this.#entries.keys()].find(
      (other) =>
        other.startsWith(`${path}/`) && !this.#leaving.some((from) => isWithin(other, from)),
    );
    return inside === undefined ? null : `${inside} was still there`;
  }

  #nameOf(path: string): string {
    return relative(this.#root, path).replaceAll(sep, '/');
  }
}

function isWithin(path: string, top: string): boolean {
  return path === top || path.startsWith(`${top}/`);
}

/** Size and times of a directory follow from its entries, which are told by themselves. */
function isSame(known: EntryStat, before: EntryStat): boolean {
  if (known.type !== before.type || known.ino !== before.ino) return false;
  if (known.type === 'directory') return true;
  return known.size === before.size && known.mtimeNs === before.mtimeNs;
}

function compare(
  told: EntryStat,
  found: BigIntStats,
  path: string,
  lenient: boolean,
): readonly string[] {
  const rows: (readonly [string, unknown, unknown])[] = [
    ['type', told.type, kindOf(found)],
    ['inode', told.ino, found.ino],
  ];
  if (!lenient) rows.push(['mode', told.mode, Number(found.mode)]);
  if (!lenient && !found.isDirectory()) {
    rows.push(['size', told.size, found.size], ['mtimeNs', told.mtimeNs, found.mtimeNs]);
  }
  if (found.isSymbolicLink()) rows.push(['link', told.link, readlinkSync(path)]);
  return rows
    .filter(([, one, other]) => one !== other)
    .map(([what, one, other]) => `${what} told as ${String(one)}, found ${String(other)}`);
}

function identity({ dev, ino, birthtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${birthtimeNs}`;
}

function kindOf(stats: BigIntStats | undefined): EntryType {
  if (stats?.isFile()) return 'file';
  if (stats?.isDirectory()) return 'directory';
  return stats?.isSymbolicLink() ? 'symlink' : 'other';
}
