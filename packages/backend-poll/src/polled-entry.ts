import { sep } from 'node:path';
import type { AbsPath, EntryStat } from '@watchkeeper/core';
import type { Lane } from './cadence.ts';

/** The members of an entry that has none: most entries are files, and a map each would double their size. */
const NO_CHILDREN: ReadonlyMap<string, PolledEntry> = new Map<string, PolledEntry>();

/** One name that is looked at, and what was found there last. */
export class PolledEntry {
  readonly path: AbsPath;
  readonly name: string;
  readonly parent: PolledEntry | null;
  #children: Map<string, PolledEntry> | null = null;
  /** The last reading; `null` when nothing was there, or nothing was read yet. */
  stat: EntryStat | null = null;
  /** Whether it was ever looked at. */
  read = false;
  /** Whether it was seen to change, not only found young. */
  changed = false;
  lane: Lane = 'warm';
  /** When it leaves its lane for a slower one if nothing changes. */
  laneUntil: number = Number.POSITIVE_INFINITY;
  /** When a same-sized rewrite must show in the times; 0 when the reading is settled. */
  settlesAt = 0;
  /** The number of the sweep that looked at it last. */
  sweep = 0;
  /** Whether its listing failed or is owed for another reason. */
  owesListing = false;
  /** When it was listed last. */
  listedAt = 0;
  /** Looks in a row that failed. */
  failures = 0;
  /** Whether a failure to read or list it was told. */
  toldFailing = false;
  removed = false;

  constructor(path: AbsPath, name: string, parent: PolledEntry | null) {
    this.path = path;
    this.name = name;
    this.parent = parent;
  }

  /** The entries directly below. */
  get children(): ReadonlyMap<string, PolledEntry> {
    return this.#children ?? NO_CHILDREN;
  }

  /** Relative to the root with `/`; empty for the root. */
  get relative(): string {
    return this.parent === null ? '' : this.parent.relativeOf(this.name);
  }

  /** The path of an entry directly below, relative to the root. */
  relativeOf(name: string): string {
    const { relative } = this;
    return relative === '' ? name : `${relative}/${name}`;
  }

  /** Makes an entry directly below. */
  adopt(name: string): PolledEntry {
    const path = this.path.endsWith(sep) ? this.path + name : this.path + sep + name;
    const child = new PolledEntry(path as AbsPath, name, this);
    this.#children ??= new Map<string, PolledEntry>();
    this.#children.set(name, child);
    return child;
  }

  /** Drops an entry directly below. */
  disown(name: string): void {
    this.#children?.delete(name);
  }

  /** Drops all entries directly below, and returns them. */
  disownAll(): readonly PolledEntry[] {
    const children = [...this.children.values()];
    this.#children = null;
    return children;
  }
}
