import { type Blockage, blockageOf } from './blockage.ts';
import type { ChangeOrigin } from './change.ts';
import type { EntryStat } from './entry.ts';
import type { EntryTable } from './entry-table.ts';
import type { WatchError } from './errors.ts';
import type { FollowerHost } from './follower-host.ts';
import { type Footing, noFooting } from './footing.ts';
import { type Holder, joinFooting, leaveNames, leaveTree } from './foothold.ts';
import type { Slot } from './names-scope.ts';
import { resolveNow } from './path-resolution.ts';
import type { Resolution } from './resolver.ts';
import { relativeRepair, respelled } from './respelled.ts';
import type { Repair } from './scope-listener.ts';
import { firstPending, standingOf } from './scope-standing.ts';
import type { ScopeWish } from './scope-wish.ts';
import { ToldView } from './told-view.ts';
import { TreeScope } from './tree-scope.ts';
import { verdict } from './verdict.ts';
import { Waiters } from './waiters.ts';
import type { WatchedScope } from './watched-scope.ts';

/**
 * `joining`: taking its places, told nothing. `attaching`: waiting until all places are live.
 * `following`: every change is told.
 */
type Stage = 'resolving' | 'joining' | 'attaching' | 'following' | 'stopped';

/** Follows one path wherever it leads: through symlinks, through absence, from file to directory. */
export class Follower implements Holder {
  readonly #host: FollowerHost;
  #stage: Stage = 'resolving';
  readonly #view = new ToldView();
  #again = false;
  /** Grows with every resolution. */
  #epoch = 0;
  #footing: Footing = noFooting;
  /** The directory that was told of: until where the path leads next is live, what changes in it is noted. */
  #base: TreeScope | null = null;
  #blockage: Blockage | null = null;
  #waiters: Waiters | null = null;

  constructor(host: FollowerHost) {
    this.#host = host;
  }

  /** Where following stands. */
  get state(): 'opening' | 'live' | 'degraded' | 'recovering' {
    if (!this.#view.told) return 'opening';
    if (this.#stage !== 'following') return 'recovering';
    const standing = standingOf(this.#footing.scopes());
    return standing === 'live' && this.#blockage !== null ? 'degraded' : standing;
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
    const base = this.#base;
    this.#stage = 'stopped';
    this.#footing = noFooting;
    this.#base = null;
    leaveNames(footing, this.#host, this);
    this.#leave(footing.target);
    if (base !== footing.target) this.#leave(base);
    this.#blockage?.end();
    this.#view.clear();
    this.#waiters?.wake();
    for (const { closing } of footing.scopes()) if (closing !== null) await closing;
    await base?.closing;
  }

  /** Counts the watch in or out of those that keep the process alive. */
  reference(by: 1 | -1): void {
    this.#footing.reference(by);
    if (this.#base !== this.#footing.target) this.#base?.reference(by);
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
  get told(): Pick<ToldView, 'known' | 'table' | 'deferred'> | null {
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
    scope: TreeScope,
    relative: string,
    before: EntryStat | null,
    after: EntryStat | null,
    origin: ChangeOrigin,
  ): void {
    if (scope !== this.#base) return;
    if (this.#stage === 'following') {
      if (relative === '') this.#view.known = after;
      this.#tell(relative, before, after, origin);
    } else if (relative !== '') {
      this.#view.defer(relative, before);
      this.#host.deferred(relative, before);
    }
  }

  scopeMoved(scope: WatchedScope, error?: WatchError): void {
    if (this.#stage === 'stopped') return;
    // Where the path led before, it matters only what was told.
    if (scope === this.#base && scope !== this.#footing.target) return;
    if (scope.state === 'gone') this.resolve();
    else if (scope.state === 'failed' && error !== undefined)
      this.#host.failed(this.#spelled(error));
    else {
      this.#settle();
      this.#host.moved(error && this.#spelled(error));
    }
  }

  scopeProblem(error: WatchError): void {
    this.#host.problem(this.#spelled(error));
  }

  scopeRested(repair: Repair | null): void {
    this.#host.deliver(repair && relativeRepair(repair, this.#footing));
  }

  #spelled(error: WatchError): WatchError {
    return respelled(error, this.#footing, this.#host.path);
  }

  #attach(found: Resolution): void {
    const before = this.#footing;
    this.#stage = 'joining';
    this.#footing = joinFooting(found, this.#host, this, [before.target, this.#base]);
    leaveNames(before, this.#host, this);
    this.#leave(before.target);
    this.#blockage = blockageOf(found.target, this.#blockage, this.#host, () => {
      if (this.#stage === 'following') this.resolve();
    });
    this.#stage = 'attaching';
    this.#settle();
  }

  /** Leaves a directory where the path does not lead, and of which nothing was told. */
  #leave(end: Footing['target']): void {
    leaveTree(end, this.#host, this, [this.#footing.target, this.#base]);
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
    const base = this.#base;
    this.#base = target instanceof TreeScope ? target : null;
    this.#stage = 'following';
    // What cannot be told is not gone: what was known stays known.
    const blocked = this.#blockage?.unknown === true;
    if (blocked) this.#view.keep();
    else if (target instanceof TreeScope) {
      this.#adopt(target.table.root.stat, target.table, 'event');
    } else this.#adopt(target?.stat ?? null, null, 'event');
    if (base !== null && base !== target) {
      this.#leave(base);
      // Somebody else follows it, and it goes on changing without this.
      if (!base.over) this.#host.parted();
      if (!base.over && blocked) this.#view.freeze();
    }
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
