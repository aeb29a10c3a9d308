import type { Differs, Known } from './audited.ts';
import type { Scope } from './backend.ts';
import type { ChangeOrigin } from './change.ts';
import { entryPath, relativeTo } from './abs-path.ts';
import type { AbsPath, EntryStat } from './entry.ts';
import { isWatchError } from './errors.ts';
import { CHUNK, type Job } from './examiner.ts';
import { look, statAll, type Steps } from './look.ts';
import type { Look } from './resolver.ts';
import type { ScopeEnvironment } from './scope-environment.ts';
import type { ScopeListener } from './scope-listener.ts';
import { contradicts } from './tree-audit.ts';
import { verdict } from './verdict.ts';
import { WatchedScope } from './watched-scope.ts';

/** Somebody who follows one name. */
export interface SlotListener extends ScopeListener {
  /** The name is not what it was. `slot.stat` is what it is now. */
  slotChanged(slot: Slot, origin: ChangeOrigin): void;
}

/** One name in a directory, present or not. */
export interface Slot {
  /** The scope it belongs to. */
  readonly scope: NamesScope;
  /** The name. */
  readonly name: string;
  /** What the last look found. */
  stat: EntryStat | null;
  /** Those who follow it. */
  listeners: SlotListener[];
}

/** Some names in one directory: single files, paths that do not exist yet, and symlinks. */
export class NamesScope extends WatchedScope {
  protected readonly scope: Scope;
  /** Itself, for those who follow nothing else. */
  readonly alone: readonly WatchedScope[] = [this];
  /** What every path in it begins with. */
  readonly #prefix: string;
  readonly #names = new Set<string>();
  readonly #slots = new Map<string, Slot>();

  constructor(root: AbsPath, environment: ScopeEnvironment) {
    super(root, null, environment);
    this.#prefix = entryPath(root, '');
    this.scope = { kind: 'names', names: this.#names };
  }

  get size(): number {
    return this.#slots.size;
  }

  /**
   * Follows a name from now on. `stat` is what it was a moment ago; where the scope is live this
   * counts as a look, so all who follow the name know the same. `undefined`: it could not be told.
   */
  join(name: string, listener: SlotListener, stat: EntryStat | null | undefined): Slot {
    let slot = this.#slots.get(name);
    if (slot === undefined) {
      slot = { scope: this, name, stat: stat ?? null, listeners: [] };
      this.#slots.set(name, slot);
      this.#names.add(name);
      if (this.state === 'live') this.foundAlone(name);
    } else if (stat !== undefined && this.state === 'live' && !this.slow) {
      this.#apply(slot, stat, 'event', true);
      this.examiner.looked();
      this.examiner.wake();
    }
    slot.listeners = slot.listeners.length === 0 ? [listener] : [...slot.listeners, listener];
    this.care.count(listener.wish, 1);
    // The stat came by a slow way, and a change after it may have been touched before the name was asked for.
    if (this.slow && this.state !== 'opening') {
      this.examiner.touch({ path: this.#pathOf(slot), reach: 'entry', origin: 'event' });
    }
    return slot;
  }

  /** The names that are followed, or will be. */
  get names(): ReadonlySet<string> {
    return this.#names;
  }

  /** Has the backend look out for a name before anybody follows it. */
  expect(name: string): void {
    this.#names.add(name);
  }

  /** Sends those who follow a name to where it is served from now on. */
  displace(name: string): void {
    const slot = this.#slots.get(name);
    if (slot === undefined) return;
    // A slot that is not the end of their path makes them find out where it leads.
    for (const listener of slot.listeners) listener.slotChanged({ ...slot }, 'rescan');
  }

  /** Stops following a name. */
  leave(slot: Slot, listener: SlotListener): void {
    // A follower that resolves anew joins once more before it leaves: only one of both goes.
    slot.listeners = slot.listeners.toSpliced(slot.listeners.indexOf(listener), 1);
    this.care.count(listener.wish, -1);
    if (slot.listeners.length > 0) return;
    this.#slots.delete(slot.name);
    this.#names.delete(slot.name);
    this.unreadable.delete('entry', this.#pathOf(slot));
    if (this.#slots.size === 0) this.close();
  }

  *examine(jobs: readonly Job[]): Steps {
    const wanted = jobs.filter(
      ({ path }) => path === this.root || this.#slotAt(path) !== undefined,
    );
    const unknown = wanted.filter((job) => job.stat === undefined).map(({ path }) => path);
    const looks = unknown.length === 0 ? [] : yield* statAll(unknown);
    let next = 0;
    for (const { path, stat, origin } of wanted) {
      const found = stat === undefined ? looks[next++] : stat;
      if (found === undefined) continue;
      if (path === this.root) {
        if (!this.#applyRoot(found)) return;
        continue;
      }
      const slot = this.#slotAt(path);
      if (slot !== undefined) this.#apply(slot, found, origin, stat === undefined);
    }
  }

  examineNow({ path, origin, stat }: Job): void {
    const slot = this.#slotAt(path);
    if (slot === undefined && path !== this.root) return;
    const found = stat === undefined ? look(path) : stat;
    if (slot === undefined) this.#applyRoot(found);
    else this.#apply(slot, found, origin, stat === undefined);
  }

  *audit(differs: Differs): Steps {
    const [root] = yield* statAll([this.root]);
    if (contradicts(this.identity.stat, root)) differs(this.root, this.identity.stat);
    const slots = [...this.#slots.values()];
    for (let start = 0; start < slots.length; start += CHUNK) {
      const chunk = slots.slice(start, start + CHUNK);
      const paths = chunk.map((slot) => this.#pathOf(slot));
      const looks = yield* statAll(paths);
      for (const [index, path] of paths.entries()) {
        const known = this.known(path);
        if (known !== undefined && contradicts(known, looks[index])) differs(path, known);
      }
    }
  }

  known(path: AbsPath): Known {
    return path === this.root ? this.identity.stat : this.#slotAt(path)?.stat;
  }

  lookAtHot(): void {
    for (const slot of this.#slots.values()) {
      if (!slot.listeners.some(({ wish }) => wish.hot)) continue;
      this.examiner.touch({ path: this.#pathOf(slot), reach: 'entry', origin: 'rescan' });
    }
  }

  ignores(): boolean {
    return false;
  }

  listeners(): Iterable<ScopeListener> {
    const all = new Set<ScopeListener>();
    for (const { listeners } of this.#slots.values()) {
      const only = listeners[0];
      if (listeners.length === 1 && only !== undefined) all.add(only);
      else for (const listener of listeners) all.add(listener);
    }
    return all;
  }

  seedAll(origin: ChangeOrigin): void {
    this.examiner.scan(this.#lookAtAll(origin));
  }

  seedUnder(path: AbsPath, origin: ChangeOrigin): void {
    if (relativeTo(path, this.root) !== null) this.seedAll(origin);
    else this.examiner.touch({ path, reach: 'entry', origin });
  }

  *#lookAtAll(origin: ChangeOrigin): Steps {
    const [root] = yield* statAll([this.root]);
    if (root !== undefined && !this.#applyRoot(root)) return;
    const slots = [...this.#slots.values()];
    for (let start = 0; start < slots.length; start += CHUNK) {
      const chunk = slots.slice(start, start + CHUNK);
      const looks = yield* statAll(chunk.map((slot) => this.#pathOf(slot)));
      chunk.forEach((slot, index) => {
        const found = looks[index];
        const left = this.#slots.get(slot.name) !== slot;
        if (found !== undefined && !left) this.#apply(slot, found, origin, true);
      });
    }
  }

  #pathOf(slot: Slot): AbsPath {
    return entryPath(this.root, slot.name);
  }

  #slotAt(path: AbsPath): Slot | undefined {
    return path.startsWith(this.#prefix)
      ? this.#slots.get(path.slice(this.#prefix.length))
      : undefined;
  }

  #applyRoot(found: Look): boolean {
    if (isWatchError(found)) {
      this.unreadable.add('entry', this.root, found);
      return true;
    }
    this.unreadable.delete('entry', this.root);
    return this.checkRoot(found);
  }

  #apply(slot: Slot, found: Look, origin: ChangeOrigin, own: boolean): void {
    if (isWatchError(found)) {
      this.unreadable.add('entry', this.#pathOf(slot), found);
      return;
    }
    if (this.unreadable.size > 0) this.unreadable.delete('entry', this.#pathOf(slot));
    const before = slot.stat;
    slot.stat = found;
    if (verdict(before, found) === null) return;
    if (own) this.foundAlone(slot.name);
    const { listeners } = slot;
    const only = listeners[0];
    if (listeners.length === 1 && only !== undefined) this.#tell(only, slot, origin);
    else for (const listener of listeners) this.#tell(listener, slot, origin);
  }

  #tell(listener: SlotListener, slot: Slot, origin: ChangeOrigin): void {
    listener.slotChanged(slot, origin);
    // Nothing is told before the scope is live.
    if (this.state !== 'opening') this.mark(listener, origin);
  }
}
