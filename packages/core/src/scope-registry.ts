import { entryPath } from './abs-path.ts';
import type { AbsPath, EntryStat } from './entry.ts';
import { NamesScope } from './names-scope.ts';
import { Regrouping } from './regrouping.ts';
import type { ScopeEnvironment } from './scope-environment.ts';
import { TreeScope, type IgnoreFunction } from './tree-scope.ts';
import type { WatchedScope } from './watched-scope.ts';

/** Finds the scope that serves a place, so that each place is watched once. */
export class ScopeRegistry {
  readonly #environment: ScopeEnvironment;
  /** By directory, and by group where names are grouped. */
  readonly #names = new Map<string, NamesScope>();
  /** Those whose group another one serves, until their names have moved. */
  readonly #leaving = new Set<NamesScope>();
  readonly #trees = new Map<AbsPath, TreeScope[]>();
  readonly #closing = new Set<Promise<void>>();
  /** Whether some key is not just a directory. */
  #grouped = false;

  constructor(environment: Omit<ScopeEnvironment, 'forget'>) {
    this.#environment = {
      ...environment,
      forget: (scope, closing) => this.#forget(scope, closing),
    };
  }

  /** The scope for a name in a directory, if there is one. */
  findNames(root: AbsPath, name: string): NamesScope | undefined {
    return this.#names.get(this.#keyOf(root, name));
  }

  /** The scope for a name in a directory. A new one opens once its first name was asked for. */
  names(root: AbsPath, name: string): NamesScope {
    const key = this.#keyOf(root, name);
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const scope = this.#addNames(key, root);
    void scope.open();
    return scope;
  }

  /** The scope for a directory or tree; only watches that pass the same `ignore` share one. */
  tree(
    root: AbsPath,
    stat: EntryStat,
    kind: 'directory' | 'tree',
    ignore: IgnoreFunction | undefined,
  ): TreeScope {
    const known = this.#trees.get(root) ?? [];
    const same = known.find((scope) => scope.kind === kind && scope.ignore === ignore);
    if (same !== undefined) return same;
    const scope = new TreeScope(root, stat, kind, ignore, this.#environment);
    this.#trees.set(root, [...known, scope]);
    void scope.open();
    return scope;
  }

  /** Every scope that is not over. */
  *scopes(): Generator<WatchedScope> {
    yield* this.#names.values();
    yield* this.#leaving;
    for (const scopes of this.#trees.values()) yield* scopes;
  }

  /** Sorts names by the groups that hold from now on; says which have to move. */
  regroup(): Regrouping {
    const regrouping = new Regrouping();
    if (!this.#grouped && this.#environment.selection().groupOf === undefined) return regrouping;
    const scopes = [...this.#names.values(), ...this.#leaving];
    this.#names.clear();
    this.#leaving.clear();
    this.#grouped = false;
    for (const scope of scopes) {
      const [first] = scope.names;
      const key = first === undefined ? null : this.#keyOf(scope.root, first);
      if (key !== null && !this.#names.has(key)) this.#names.set(key, scope);
      else this.#leaving.add(scope);
    }
    for (const scope of scopes) {
      for (const name of scope.names) {
        const key = this.#keyOf(scope.root, name);
        const home = this.#names.get(key);
        if (home === scope) continue;
        if (home !== undefined) regrouping.add({ name, from: scope, to: home });
        else regrouping.open({ name, from: scope, to: this.#addNames(key, scope.root) });
      }
    }
    return regrouping;
  }

  /** Resolves when every scope that ended has let go of everything; one that waits in vain for names to move to it ends now. */
  async closed(): Promise<void> {
    for (const scope of [...this.#names.values()]) if (scope.size === 0) scope.close();
    while (this.#closing.size > 0) await Promise.all(this.#closing);
  }

  #addNames(key: string, root: AbsPath): NamesScope {
    const scope = new NamesScope(root, this.#environment);
    this.#names.set(key, scope);
    return scope;
  }

  #keyOf(root: AbsPath, name: string): string {
    const { groupOf } = this.#environment.selection();
    const group = groupOf?.(entryPath(root, name)) ?? '';
    if (group === '') return root;
    this.#grouped = true;
    // No path has such a character.
    return `${root}\0${group}`;
  }

  #forget(scope: WatchedScope, closing: Promise<void>): void {
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
    if (scope instanceof NamesScope) this.#forgetNames(scope);
    const trees = this.#trees.get(scope.root)?.filter((other) => other !== scope);
    if (trees === undefined) return;
    if (trees.length === 0) this.#trees.delete(scope.root);
    else this.#trees.set(scope.root, trees);
  }

  #forgetNames(scope: NamesScope): void {
    this.#leaving.delete(scope);
    if (this.#names.get(scope.root) === scope) this.#names.delete(scope.root);
    else if (this.#grouped) {
      for (const [key, other] of this.#names) if (other === scope) this.#names.delete(key);
    }
  }
}
