import type { AbsPath, EntryStat } from './entry.ts';
import { NamesScope } from './names-scope.ts';
import type { ScopeEnvironment } from './scope-environment.ts';
import { TreeScope, type IgnoreFunction } from './tree-scope.ts';
import type { WatchedScope } from './watched-scope.ts';

/** Finds the scope that serves a place, so that each place is watched once. */
export class ScopeRegistry {
  readonly #environment: ScopeEnvironment;
  readonly #names = new Map<AbsPath, NamesScope>();
  readonly #trees = new Map<AbsPath, TreeScope[]>();
  readonly #closing = new Set<Promise<void>>();

  constructor(environment: Omit<ScopeEnvironment, 'forget'>) {
    this.#environment = {
      ...environment,
      forget: (scope, closing) => this.#forget(scope, closing),
    };
  }

  /** The scope for names in a directory, if there is one. */
  findNames(root: AbsPath): NamesScope | undefined {
    return this.#names.get(root);
  }

  /** The scope for names in a directory. A new one opens once its first name was asked for. */
  names(root: AbsPath): NamesScope {
    let scope = this.#names.get(root);
    if (scope === undefined) {
      scope = new NamesScope(root, this.#environment);
      this.#names.set(root, scope);
      void scope.open();
    }
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
    for (const scopes of this.#trees.values()) yield* scopes;
  }

  /** Resolves when every scope that ended has let go of everything. */
  async closed(): Promise<void> {
    while (this.#closing.size > 0) await Promise.all(this.#closing);
  }

  #forget(scope: WatchedScope, closing: Promise<void>): void {
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
    if (this.#names.get(scope.root) === scope) this.#names.delete(scope.root);
    const trees = this.#trees.get(scope.root)?.filter((other) => other !== scope);
    if (trees === undefined) return;
    if (trees.length === 0) this.#trees.delete(scope.root);
    else this.#trees.set(scope.root, trees);
  }
}
