import { entryPath, relativeTo } from './abs-path.ts';
import type { AbsPath } from './entry.ts';
import { countDirectories } from './entry-table.ts';
import type { FeedBackend } from './feed-owner.ts';
import { look, type SlowLane } from './look.ts';
import type { Slot } from './names-scope.ts';
import { answersAtOnce } from './place.ts';
import type { Look } from './resolver.ts';
import { TreeScope } from './tree-scope.ts';
import type { WatchedScope } from './watched-scope.ts';

/** What a path stands on: the names on the way whose change may lead elsewhere, and its end. */
export class Footing {
  /** Links, and the name that must change before there can be an end. */
  readonly passed: readonly Slot[];
  /** The end; `null` while nothing can be there. */
  readonly target: Slot | TreeScope | null;

  constructor(passed: readonly Slot[], target: Slot | TreeScope | null) {
    this.passed = passed;
    this.target = target;
  }

  /** What was passed, and the end if it is a name. */
  get slots(): readonly Slot[] {
    const { passed, target } = this;
    return target === null || target instanceof TreeScope ? passed : [...passed, target];
  }

  /** Every scope, once. */
  scopes(): readonly WatchedScope[] {
    const { passed, target } = this;
    // Most of many paths are files that no link leads to: nothing is made for them.
    if (passed.length === 0 && target !== null && !(target instanceof TreeScope)) {
      return target.scope.alone;
    }
    const scopes = new Set<WatchedScope>();
    for (const { scope } of this.slots) scopes.add(scope);
    if (this.target instanceof TreeScope) scopes.add(this.target);
    return [...scopes];
  }

  /** The backend that serves the end. */
  get backend(): FeedBackend | null {
    const target = this.target ?? this.slots[0] ?? null;
    if (target === null) return null;
    return (target instanceof TreeScope ? target : target.scope).backend;
  }

  /** How many directories are watched for it. */
  get directories(): number {
    let count = 0;
    for (const scope of this.scopes()) {
      count += 1;
      if (scope instanceof TreeScope && scope.kind === 'tree') {
        count += countDirectories(scope.table.root);
      }
    }
    return count;
  }

  /** Where an entry, by its path relative to the watched one, really is. */
  realPath(relative: string): AbsPath | null {
    const { target } = this;
    if (target === null) return null;
    if (!(target instanceof TreeScope)) return entryPath(target.scope.root, target.name);
    return relative === '' ? target.root : entryPath(target.root, relative);
  }

  /** Looks at an entry now, or when its file system answers. */
  look(relative: string, lane: SlowLane): Look | Promise<Look> {
    const path = this.realPath(relative);
    if (path === null) return null;
    return answersAtOnce(path) ? look(path) : lane.look(path);
  }

  /** Has an entry looked at soon, because it is not what was told. */
  suspect(relative: string): void {
    const { target } = this;
    if (target !== null)
      void this.rescan(target instanceof TreeScope ? target : target.scope, relative);
  }

  /** Looks in one scope at an entry and everything below it; a scope on the way is looked at as a whole. */
  rescan(scope: WatchedScope, relative: string): Promise<void> {
    const path = this.target === scope ? this.realPath(relative) : null;
    return scope.pass(() => scope.seedUnder(path ?? scope.root, 'rescan'));
  }

  /** The path relative to the watched one of something that is really there; `null` for what lies elsewhere. */
  relativePath(path: AbsPath): string | null {
    const end = this.realPath('');
    return end === null ? null : relativeTo(end, path);
  }

  /** Counts a watch in or out of those that keep the process alive. */
  reference(by: 1 | -1): void {
    for (const { scope } of this.slots) scope.reference(by);
    if (this.target instanceof TreeScope) this.target.reference(by);
  }
}

/** Stands on nothing yet, or any more. */
export const noFooting: Footing = new Footing([], null);
