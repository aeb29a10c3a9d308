import type { FSWatcher } from 'node:fs';
import { sep } from 'node:path';
import type { AbsPath } from '@watchkeeper/core';
import type { EntryIdentity } from '@watchkeeper/core/backend-kit';

/** Most directories hold no others: they share one map. */
const NONE: ReadonlyMap<string, WatchedDirectory> = new Map<string, WatchedDirectory>();

/** One directory of a watched tree: its handle, and the directories directly below it. */
export class WatchedDirectory {
  readonly path: AbsPath;
  /** Relative to the root with `/`; empty for the root. */
  readonly relative: string;
  readonly name: string;
  readonly parent: WatchedDirectory | null;
  handle: FSWatcher | null = null;
  identity: EntryIdentity | null = null;
  /** Why it has no handle, once that was reported. */
  uncovered: 'limit' | 'failure' | null = null;
  queued = false;
  dropped = false;
  #children: Map<string, WatchedDirectory> | null = null;

  constructor(path: AbsPath, relative: string, name: string, parent: WatchedDirectory | null) {
    this.path = path;
    this.relative = relative;
    this.name = name;
    this.parent = parent;
  }

  /** The directories directly below by their names. */
  get children(): ReadonlyMap<string, WatchedDirectory> {
    return this.#children ?? NONE;
  }

  /** The path of an entry directly below. */
  pathOf(name: string): AbsPath {
    const { path } = this;
    return (path.endsWith(sep) ? path + name : path + sep + name) as AbsPath;
  }

  /** The path of an entry directly below, relative to the root. */
  relativeOf(name: string): string {
    return this.relative === '' ? name : `${this.relative}/${name}`;
  }

  /** Adds a directory below, not yet watched. */
  add(name: string): WatchedDirectory {
    const child = new WatchedDirectory(this.pathOf(name), this.relativeOf(name), name, this);
    this.#children ??= new Map();
    this.#children.set(name, child);
    return child;
  }

  /** Removes a directory below, unless another one took its name. */
  remove(child: WatchedDirectory): void {
    if (this.#children?.get(child.name) === child) this.#children.delete(child.name);
  }
}
