import { sep } from 'node:path';
import type { AbsPath } from '@watchkeeper/core';
import type { EntryIdentity } from '@watchkeeper/core/backend-kit';
import type { Lease } from './handle-pool.ts';

/** One directory of a watched tree: its lease of a handle, and the directories directly below it. */
export class WatchedDirectory {
  readonly path: AbsPath;
  /** Relative to the root with `/`; empty for the root. */
  readonly relative: string;
  readonly name: string;
  readonly parent: WatchedDirectory | null;
  readonly children: Map<string, WatchedDirectory> = new Map<string, WatchedDirectory>();
  lease: Lease | null = null;
  /** Which directory was watched last: what is below is known for this one. */
  identity: EntryIdentity | null = null;
  /** That it has no handle was reported. */
  isUncovered = false;
  isDropped = false;
  readonly #prefix: string;
  readonly #relativePrefix: string;

  constructor(path: AbsPath, relative: string, name: string, parent: WatchedDirectory | null) {
    this.path = path;
    this.relative = relative;
    this.name = name;
    this.parent = parent;
    this.#prefix = path.endsWith(sep) ? path : path + sep;
    this.#relativePrefix = relative === '' ? '' : `${relative}/`;
  }

  /** The path of an entry directly below. */
  pathOf(name: string): AbsPath {
    return (this.#prefix + name) as AbsPath;
  }

  /** The path of an entry directly below, relative to the root. */
  relativeOf(name: string): string {
    return this.#relativePrefix + name;
  }

  /** Adds a directory below, not yet watched. */
  add(name: string): WatchedDirectory {
    const child = new WatchedDirectory(this.pathOf(name), this.relativeOf(name), name, this);
    this.children.set(name, child);
    return child;
  }
}
