import type { Differs, Known } from './audited.ts';
import type { Scope } from './backend.ts';
import type { ChangeOrigin } from './change.ts';
import { entryPath, nameOf, relativeTo, toSlashes } from './abs-path.ts';
import type { AbsPath, EntryStat, EntryType } from './entry.ts';
import { isAbsence } from './entry-stat.ts';
import { below, entriesBelow, EntryTable, type EntryNode } from './entry-table.ts';
import { isWatchError } from './errors.ts';
import { CHUNK, type Job } from './examiner.ts';
import { look, statAll, type Steps } from './look.ts';
import type { Look } from './resolver.ts';
import type { ScopeEnvironment } from './scope-environment.ts';
import { ignoreThrew } from './scope-error.ts';
import type { ScopeListener } from './scope-listener.ts';
import { auditTree } from './tree-audit.ts';
import { namesIn } from './tree-listing.ts';
import { planLook } from './tree-plan.ts';
import { verdict } from './verdict.ts';
import { WatchedScope } from './watched-scope.ts';

/** Leaves entries out of a directory or tree. */
export type IgnoreFunction = (relative: string, type: EntryType | undefined) => boolean;

/** Somebody who follows a directory or tree. */
export interface TreeListener extends ScopeListener {
  /** An entry, by its path relative to the directory, is not what it was; empty for the directory itself. */
  entryChanged(
    scope: TreeScope,
    relative: string,
    before: EntryStat | null,
    after: EntryStat | null,
    origin: ChangeOrigin,
  ): void;
}

/** How far below an entry to look. */
type Reach = Job['reach'];

/** The direct entries of one directory, or everything below it. */
export class TreeScope extends WatchedScope {
  /** What is known. */
  readonly table: EntryTable;
  /** What is asked for. */
  readonly kind: 'directory' | 'tree';
  /** The caller's function: watches that pass the same one share this scope. */
  readonly ignore: IgnoreFunction | undefined;
  protected readonly scope: Scope;
  readonly #listeners = new Set<TreeListener>();
  readonly #ignores: IgnoreFunction = (relative, type) => this.ignores(relative, type);
  #ignoreThrew = false;
  /** Whether what is told rests on a stat that the backend took. */
  #given = false;

  constructor(
    root: AbsPath,
    stat: EntryStat,
    kind: 'directory' | 'tree',
    ignore: IgnoreFunction | undefined,
    environment: ScopeEnvironment,
  ) {
    super(root, stat, environment);
    this.scope = { kind };
    this.kind = kind;
    this.ignore = ignore;
    this.table = new EntryTable(stat);
  }

  get size(): number {
    return this.table.size;
  }

  /** Follows the directory from now on. */
  join(listener: TreeListener): void {
    if (this.#listeners.has(listener)) return;
    this.#listeners.add(listener);
    this.care.count(listener.wish, 1);
  }

  /** Stops following the directory. */
  leave(listener: TreeListener): void {
    if (!this.#listeners.delete(listener)) return;
    this.care.count(listener.wish, -1);
    if (this.#listeners.size === 0) this.close();
  }

  *examine(jobs: readonly Job[]): Steps {
    const planned = jobs.map((job) => this.#plan(job)).filter((job) => job !== null);
    const unknown = planned.filter(({ stat }) => stat === undefined).map(({ path }) => path);
    const looks = unknown.length === 0 ? [] : yield* statAll(unknown);
    let next = 0;
    for (const job of planned) {
      const found = job.stat === undefined ? looks[next++] : job.stat;
      if (found !== undefined) this.#apply(job, found);
      if (this.over) return;
    }
  }

  examineNow(job: Job): void {
    const planned = this.#plan(job);
    if (planned === null) return;
    this.#apply(planned, planned.stat === undefined ? look(planned.path) : planned.stat);
  }

  audit(differs: Differs): Steps {
    const { root, table, kind } = this;
    const ignores = this.ignore === undefined ? undefined : this.#ignores;
    return auditTree({ root, table, deep: kind === 'tree', ignores }, differs);
  }

  known(path: AbsPath): Known {
    const relative = relativeTo(this.root, path);
    return relative === null ? undefined : (this.table.find(relative)?.stat ?? null);
  }

  lookAtHot(): void {
    this.seedAll('rescan');
  }

  ignores(relative: string, type: EntryType | undefined): boolean {
    if (this.ignore === undefined) return false;
    try {
      return this.ignore(relative, type);
    } catch (error) {
      // The caller's function; a path it cannot judge is watched rather than lost.
      if (!this.#ignoreThrew) this.problem(ignoreThrew(this.root, error));
      this.#ignoreThrew = true;
      return false;
    }
  }

  listeners(): Iterable<ScopeListener> {
    return this.#listeners;
  }

  seedAll(origin: ChangeOrigin): void {
    this.examiner.touch({ path: this.root, reach: 'tree', origin });
  }

  seedUnder(path: AbsPath, origin: ChangeOrigin): void {
    const inside = relativeTo(this.root, path) !== null;
    if (inside || relativeTo(path, this.root) !== null) {
      this.examiner.touch({ path: inside ? path : this.root, reach: 'tree', origin });
    }
  }

  #plan(job: Job): Job | null {
    const planned = planLook(this, job);
    if (planned !== null && planned.path !== job.path) this.examiner.looked();
    return planned;
  }

  #apply(job: Job, found: Look): void {
    const { path, reach, origin } = job;
    if (isWatchError(found)) {
      this.unreadable.add('entry', path, found);
      return;
    }
    this.unreadable.delete('entry', path);
    const relative = relativeTo(this.root, path) ?? '';
    if (relative === '') {
      this.#applyRoot(found, reach, origin);
      return;
    }
    const name = nameOf(path);
    const directory = relative.slice(0, Math.max(0, relative.length - name.length - 1));
    const parent = this.table.find(directory);
    if (parent?.stat.type === 'directory') {
      const seen = found !== null && this.ignores(toSlashes(relative), found.type) ? null : found;
      this.#given = job.stat !== undefined;
      this.#update(parent, name, path, directory, seen, reach, origin);
      this.#given = false;
    } else if (found !== null) {
      // Its directory left the table since; the next look begins there.
      this.examiner.touch({ path, reach, origin });
    }
  }

  #applyRoot(found: EntryStat | null, reach: Reach, origin: ChangeOrigin): void {
    if (!this.checkRoot(found) || found === null) return;
    const { root } = this.table;
    const before = root.stat;
    root.stat = found;
    if (verdict(before, found) !== null) this.#tell('', before, found, origin);
    if (reach !== 'entry') this.#scan(root, this.root, '', reach === 'tree', origin);
  }

  /** The only place where entries come, change and go. */
  #update(
    parent: EntryNode,
    name: string,
    path: AbsPath,
    directory: string,
    found: EntryStat | null,
    reach: Reach,
    origin: ChangeOrigin,
  ): void {
    const known = parent.children?.get(name);
    if (known === undefined && found?.type === 'file' && this.state === 'opening') {
      // Most of what a tree is read for at first: nobody is told of it, so it needs no path.
      this.table.add(parent, name, found);
      return;
    }
    const relative = below(directory, name);
    if (found === null) {
      if (known === undefined) return;
      this.#tellBelow(known, relative, origin);
      this.table.remove(known);
      this.unreadable.deleteBelow(path);
      this.#tell(relative, known.stat, null, origin);
      return;
    }
    if (known === undefined) {
      const node = this.table.add(parent, name, found);
      this.#tell(relative, null, found, origin);
      if (found.type === 'directory') this.#scan(node, path, relative, true, origin);
      return;
    }
    const before = known.stat;
    const kind = verdict(before, found);
    known.stat = found;
    if (kind === 'replace' && found.type !== 'directory') {
      this.#tellBelow(known, relative, origin);
      this.table.clear(known);
    }
    if (kind !== null) this.#tell(relative, before, found, origin);
    if (found.type !== 'directory') return;
    // A changed mode may open a directory that could not be listed.
    if (kind !== null) this.#scan(known, path, relative, true, origin);
    else if (reach !== 'entry') this.#scan(known, path, relative, reach === 'tree', origin);
  }

  #scan(
    node: EntryNode,
    path: AbsPath,
    relative: string,
    deep: boolean,
    origin: ChangeOrigin,
  ): void {
    if (this.kind !== 'tree' && node !== this.table.root) return;
    this.examiner.scan(this.#list(node, path, relative, deep ? 'tree' : 'entry', origin));
  }

  *#list(
    node: EntryNode,
    path: AbsPath,
    relative: string,
    reach: Reach,
    origin: ChangeOrigin,
  ): Steps {
    const ignores = this.ignore === undefined ? undefined : this.#ignores;
    const names = yield* namesIn({ path, relative, node, ignores });
    if (isWatchError(names)) {
      if (isAbsence(names.cause)) this.examiner.touch({ path, reach: 'entry', origin });
      else this.unreadable.add('listing', path, names);
      return;
    }
    this.unreadable.delete('listing', path);
    for (let start = 0; start < names.length; start += CHUNK) {
      const chunk = names.length <= CHUNK ? names : names.slice(start, start + CHUNK);
      const paths = chunk.map((name) => entryPath(path, name));
      const looks = yield* statAll(paths);
      for (let index = 0; index < chunk.length; index++) {
        const name = chunk[index];
        const full = paths[index];
        const found = looks[index];
        if (name === undefined || full === undefined || found === undefined) continue;
        if (!this.table.holds(node) || node.stat.type !== 'directory') return;
        if (isWatchError(found)) this.unreadable.add('entry', full, found);
        else {
          this.unreadable.delete('entry', full);
          this.#update(node, name, full, relative, found, reach, origin);
        }
      }
    }
  }

  #tellBelow(node: EntryNode, relative: string, origin: ChangeOrigin): void {
    if (node.children === null) return;
    for (const [path, stat] of [...entriesBelow(node, relative)].reverse()) {
      this.#tell(path, stat, null, origin);
    }
  }

  #tell(
    relative: string,
    before: EntryStat | null,
    after: EntryStat | null,
    origin: ChangeOrigin,
  ): void {
    // Nobody knows anything yet: whoever follows is given the table when the scope is live.
    if (this.state === 'opening') return;
    if (!this.#given) this.foundAlone(relative);
    for (const listener of this.#listeners) {
      listener.entryChanged(this, relative, before, after, origin);
      this.mark(listener, origin);
    }
  }
}
