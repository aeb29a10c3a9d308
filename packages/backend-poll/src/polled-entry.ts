import { sep } from 'node:path';
import type { AbsPath, EntryStat } from '@watchkeeper/core';
import type { Lane } from './cadence.ts';

/** One name that is looked at, and what was found there last. */
export class PolledEntry {
  readonly path: AbsPath;
  readonly name: string;
  /** Relative to the root with `/`; empty for the root. */
  readonly relative: string;
  readonly parent: PolledEntry | null;
  readonly children: Map<string, PolledEntry> = new Map<string, PolledEntry>();
  /** The last reading; `null` when nothing was there, or nothing was read yet. */
  stat: EntryStat | null = null;
  /** Whether it was ever looked at. */
  read = false;
  lane: Lane = 'warm';
  unchangedLooks = 0;
  /** When a same-sized rewrite must show in the times; 0 when the reading is settled. */
  settlesAt = 0;
  /** Whether its listing failed or is owed for another reason. */
  owesListing = false;
  /** When it was listed last. */
  listedAt = 0;
  /** Whether a failure to read it was told. */
  failing = false;
  removed = false;

  constructor(path: AbsPath, relative: string, name: string, parent: PolledEntry | null) {
    this.path = path;
    this.relative = relative;
    this.name = name;
    this.parent = parent;
  }

  /** The path of an entry directly below, relative to the root. */
  relativeOf(name: string): string {
    return this.relative === '' ? name : `${this.relative}/${name}`;
  }

  /** Makes an entry directly below; it is not part of a table yet. */
  child(name: string): PolledEntry {
    const path = this.path.endsWith(sep) ? this.path + name : this.path + sep + name;
    return new PolledEntry(path as AbsPath, this.relativeOf(name), name, this);
  }
}
