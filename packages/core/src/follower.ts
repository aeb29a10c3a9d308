import type { ChangeOrigin } from './change.ts';
import type { EntryStat } from './entry.ts';
import type { EntryTable } from './entry-table.ts';
import type { WatchError } from './errors.ts';
import type { FollowerHost } from './follower-host.ts';
import { Footing, noFooting } from './footing.ts';
import type { Slot, SlotListener } from './names-scope.ts';
import { resolveNow } from './path-resolution.ts';
import type { Hinge, Resolution } from './resolver.ts';
import type { Repair } from './scope-listener.ts';
import { firstPending, standingOf } from './scope-standing.ts';
import type { ScopeWish } from './scope-wish.ts';
import { ToldView } from './told-view.ts';
import { TreeScope, type TreeListener } from './tree-scope.ts';
import { verdict } from './verdict.ts';
import { Waiters } from './waiters.ts';
import type { WatchedScope } from './watched-scope.ts';

/**
 * `joining`: taking its places, told nothing. `attaching`: waiting until all places are live.
 * `following`: every change is told.
 */
type Stage = 'resolving' | 'joining' | 'attaching' | 'following' | 'stopped';

/** Follows one path wherever it leads: through symlinks, through absence, from file to directory. */
export class Follower implements SlotListener, TreeListener {
  readonly #host: FollowerHost;
  #stage: Stage = 'resolving';
  readonly #view = new ToldView();
  #again = false;
  /** Grows with every resolution. */
  #epoch = 0;
  #footing = noFooting;
  #blocked: WatchError | null = null;
  /** Whether it cannot be told what is there; of a loop it can: nothing. */
  #unknown = false;
  #waiters: Waiters | null = null;

  constructor(host: FollowerHost) {
    this.#host = host;
  }

  /** Where following stands. */
  get state(): 'opening' | 'live' | 'degraded' | 'recovering' {
    if (!this.#view.told) return 'opening';
    if (this.#stage !== 'following') return 'recovering';
    const standing = standingOf(this.#footing.scopes());
    return standing === 'live' && this.#blocked !== null ? 'degraded' : standing;
  }

  /** What the path stands on now. */
  get footing(): Footing {
    return this.#footing;
  }

  get wish(): ScopeWish {
    return this.#host.settings.wish;
  }

  /** Finds out where the path leads, and follows it there. */
  resolve(): void {
    if (this.#stage === 'stopped') return;
    if (this.#stage === 'resolving' && this.#epoch > 0) {
      this.#again = true;
      return;
    }
    this.#stage = 'resolving';
    const epoch = ++this.#epoch;
    const { target, settings, environment } = this.#host;
    const { registry, lane } = environment;
    const unseen = epoch === 1 && !settings.recursive;
    const found = resolveNow(target, settings.follow, registry, lane, unseen);
    if (!(found instanceof Promise)) {
      this.#attach(found);
      return;
    }
    void found.then((resolution) => {
      if (epoch !== this.#epoch || this.#stage !== 'resolving') return;
      if (!this.#again) {
        this.#attach(resolution);
        return;
      }
      // Something on the way changed after it was looked at.
      this.#again = false;
      this.#stage = 'attaching';
      this.resolve();
    });
  }

  /** Goes on from what was told in an earlier life; before the first {@link Follower.resolve}. */
  resume(table: EntryTable | null): void {
    this.#view.resume(table);
  }

  /** Lets go of everything; resolves when what nobody else uses is closed. */
  async stop(): Promise<void> {
    const footing = this.#footing;
    this.#stage = 'stopped';
    this.#footing = noFooting;
    this.#release(footing);
    this.#view.clear();
    this.#waiters?.wake();
    for (const { closing } of footing.scopes()) if (closing !== null) await closing;
  }

  /** A barrier: what was changed before the call has been told. */
  flush(): Promise<void> {
    return this.#everywhere((scope) => scope.flush());
  }

  /** Looks at an entry, by its path relative to the watched one, and at everything below it, and tells how it differs. */
  rescan(relative: string): Promise<void> {
    return this.#everywhere((scope) => this.#footing.rescan(scope, relative));
  }

  /** What was told last; `null` while nothing was, or once following ended. */
  get told(): Pick<ToldView, 'known' | 'table'> | null {
    return this.#view.told && !this.#isStopped ? this.#view : null;
  }

  /** Waits until something was told, or following ended. */
  async untilTold(): Promise<void> {
    while (!this.#view.told && !this.#isStopped) await this.#nextStage();
  }

  slotChanged(slot: Slot, origin: ChangeOrigin): void {
    if (this.#stage === 'joining' || this.#stage === 'stopped') return;
    if (slot !== this.#footing.target || this.#leadsElsewhere(slot)) {
      this.resolve();
      return;
    }
    if (this.#stage !== 'following') return;
    if (this.#view.table !== null) this.#adopt(slot.stat, null, origin);
    else {
      const before = this.#view.known;
      this.#view.known = slot.stat;
      this.#tell('', before, slot.stat, origin);
    }
  }

  entryChanged(
    relative: string,
    before: EntryStat | null,
    after: EntryStat | null,
    origin: ChangeOrigin,
  ): void {
    if (this.#stage !== 'following') return;
    if (relative === '') this.#view.known = after;
    this.#tell(relative, before, after, origin);
  }

  scopeMoved(scope: WatchedScope, error?: WatchError): void {
    if (this.#stage === 'stopped') return;
    if (scope.state === 'gone') this.resolve();
    else if (scope.state === 'failed' && error !== undefined) this.#host.failed(error);
    else {
      this.#settle();
      this.#host.moved(error);
    }
  }

  scopeProblem(error: WatchError): void {
    this.#host.problem(error);
  }

  scopeRested(repair: Repair | null): void {
    if (repair === null) {
      this.#host.deliver(null);
      return;
    }
    const under = repair.under.map((path) => this.#footing.relativePath(path) ?? '');
    this.#host.deliver({ ...repair, under });
  }

  #attach({ links, target }: Resolution): void {
    const before = this.#footing;
    this.#stage = 'joining';
    const passed = links.length === 0 ? noFooting.passed : links.map((hinge) => this.#join(hinge));
    if (target.kind === 'directory') {
      const { recursive, ignore } = this.#host.settings;
      const kind = recursive ? 'tree' : 'directory';
      const scope = this.#host.environment.registry.tree(target.root, target.stat, kind, ignore);
      scope.join(this);
      if (this.#host.referenced) scope.reference(1);
      this.#footing = new Footing(passed, scope);
    } else {
      const slot = this.#join(target);
      this.#footing =
        target.kind === 'entry' ? new Footing(passed, slot) : new Footing([...passed, slot], null);
    }
    this.#release(before);
    this.#unknown = target.kind === 'blocked';
    this.#noteBlocked('error' in target ? target.error : null);
    this.#stage = 'attaching';
    this.#settle();
  }

  #join({ directory, name, stat }: Hinge): Slot {
    const scope = this.#host.environment.registry.names(directory, name);
    const slot = scope.join(name, this, stat);
    if (this.#host.referenced) scope.reference(1);
    return slot;
  }

  /** Leaves what the path stood on, after what it stands on now was joined. */
  #release(footing: Footing): void {
    if (footing === noFooting) return;
    const { target } = footing;
    for (const slot of footing.slots) {
      if (this.#host.referenced) slot.scope.reference(-1);
      slot.scope.leave(slot, this);
    }
    if (!(target instanceof TreeScope)) return;
    if (this.#host.referenced) target.reference(-1);
    if (target !== this.#footing.target) target.leave(this);
  }

  #noteBlocked(error: WatchError | null): void {
    const known = this.#blocked;
    this.#blocked = error;
    // Not in this turn: whoever calls `watch` needs a chance to listen.
    if (error !== null && known?.message !== error.message) {
      queueMicrotask(() => this.#host.problem(error));
    }
  }

  /** Once every place is live: takes over what is there, and tells how it differs from what was told. */
  #settle(): void {
    if (this.#stage !== 'attaching') return;
    const pending = firstPending(this.#footing.scopes());
    if (pending !== undefined) {
      if (pending.over) this.resolve();
      return;
    }
    const { target } = this.#footing;
    if (target !== null && !(target instanceof TreeScope)) {
      // A name that was joined unseen and could not be looked at since is not known to be absent.
      const unknown = this.#epoch === 1 && target.stat === null && target.scope.partial;
      if (unknown || this.#leadsElsewhere(target)) {
        this.resolve();
        return;
      }
    }
    this.#stage = 'following';
    // What cannot be told is not gone: what was known stays known.
    if (this.#unknown) this.#view.keep();
    else if (target instanceof TreeScope) {
      this.#adopt(target.table.root.stat, target.table, 'event');
    } else this.#adopt(target?.stat ?? null, null, 'event');
    this.#host.deliver(null);
    this.#host.moved();
    this.#waiters?.wake();
  }

  /** Whether a name that was the end of the path cannot be the end any more. */
  #leadsElsewhere({ stat }: Slot): boolean {
    // The old target of a link often goes just after the link was turned: ask the link first.
    if (stat === null) return this.#footing.passed.length > 0 && this.#stage === 'following';
    return stat.type === 'directory' || (stat.type === 'symlink' && this.#host.settings.follow);
  }

  #adopt(known: EntryStat | null, table: EntryTable | null, origin: ChangeOrigin): void {
    const { emitInitial } = this.#host.settings;
    const told = this.#view.take(known, table, origin, emitInitial);
    if (told !== null) for (const difference of told) this.#tell(...difference);
  }

  #tell(
    relative: string,
    before: EntryStat | null,
    after: EntryStat | null,
    origin: ChangeOrigin,
  ): void {
    const kind = verdict(before, after);
    if (kind !== null) this.#host.changed(kind, relative, before, after, origin);
  }

  get #isStopped(): boolean {
    return this.#stage === 'stopped';
  }

  /** Does something in every scope, and again where that led elsewhere. */
  async #everywhere(act: (scope: WatchedScope) => Promise<unknown>): Promise<void> {
    for (;;) {
      while (this.#stage !== 'following' && !this.#isStopped) await this.#nextStage();
      if (this.#isStopped) return;
      const epoch = this.#epoch;
      await Promise.all(this.#footing.scopes().map(act));
      if (this.#isSteady(epoch)) return;
    }
  }

  #isSteady(epoch: number): boolean {
    return this.#stage === 'stopped' || (this.#stage === 'following' && epoch === this.#epoch);
  }

  #nextStage(): Promise<void> {
    return (this.#waiters ??= new Waiters()).next();
  }
}
