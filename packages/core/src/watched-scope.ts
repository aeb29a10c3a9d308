import type { LossReason, Scope, Touch } from './backend.ts';
import type { ChangeOrigin } from './change.ts';
import type { AbsPath, EntryStat, EntryType } from './entry.ts';
import { isWatchError, type WatchError } from './errors.ts';
import { Examiner, type Examined, type Job } from './examiner.ts';
import { Feed } from './feed.ts';
import type { FeedBackend, FeedOwner } from './feed-owner.ts';
import { look, type Steps } from './look.ts';
import { PassQueue } from './pass-queue.ts';
import { detectPlace } from './place.ts';
import { Repairs } from './repairs.ts';
import type { ScopeEnvironment } from './scope-environment.ts';
import { rootGone } from './scope-error.ts';
import type { Repair, ScopeListener, ScopeState } from './scope-listener.ts';
import { UnreadablePaths } from './unreadable-paths.ts';
import { sameIdentity } from './verdict.ts';

/**
 * One directory and what is asked below it: owns what is known, the subscription that says where to
 * look, and the looking. Any number of watches share it.
 */
export abstract class WatchedScope implements FeedOwner, Examined {
  /** The directory: real, without symlinks. */
  readonly root: AbsPath;
  protected readonly environment: ScopeEnvironment;
  protected readonly examiner: Examiner;
  protected readonly unreadable: UnreadablePaths = new UnreadablePaths((error) => {
    if (error !== undefined) this.problem(error);
    this.#tellMoved();
  });
  /** What the directory was when it was first looked at. */
  protected rootStat: EntryStat | null;
  /** Whether a look may wait for a server. */
  protected slow = true;
  readonly #passes: PassQueue;
  readonly #repairs: Repairs;
  readonly #dirty = new Set<ScopeListener>();
  #state: ScopeState = 'opening';
  #closing: Promise<void> | null = null;
  #feed: Feed | null = null;
  #uncovered = false;
  #references = 0;
  #flush: Promise<void> | null = null;
  readonly #ended = Promise.withResolvers<void>();
  #waiters: (() => void)[] = [];

  constructor(root: AbsPath, stat: EntryStat | null, environment: ScopeEnvironment) {
    this.root = root;
    this.rootStat = stat;
    this.environment = environment;
    this.examiner = new Examiner(this, environment.clock, environment.lane);
    this.#passes = new PassQueue(this.examiner);
    this.#repairs = new Repairs(
      this.#passes,
      (path) => this.seedUnder(path, 'rescan'),
      (loss) => this.#repaired({ ...loss, always: true }),
    );
  }

  /** What is asked of the backend. */
  protected abstract readonly scope: Scope;
  /** Number of entries known. */
  abstract get size(): number;
  /** The steps that look at some paths and draw the conclusions. */
  abstract examine(jobs: readonly Job[]): Steps;
  /** The same for one path, at once. */
  abstract examineNow(job: Job): void;
  /** What is left out. */
  protected abstract ignores(relative: string, type: EntryType | undefined): boolean;
  /** Everybody who follows this scope. */
  protected abstract listeners(): Iterable<ScopeListener>;
  /** Queues everything there is to look at. */
  protected abstract seedAll(origin: ChangeOrigin): void;
  /** Queues what lies at or below a path. */
  protected abstract seedUnder(path: AbsPath, origin: ChangeOrigin): void;

  /** Where the scope stands. */
  get state(): ScopeState {
    return this.#state;
  }

  /** Whether something of it is not covered. */
  get partial(): boolean {
    return this.#uncovered || this.unreadable.size > 0;
  }

  /** Whether it ended, for whatever reason. */
  get over(): boolean {
    return this.#state === 'gone' || this.#state === 'failed' || this.#state === 'closed';
  }

  /** Resolves when everything is let go of; `null` before the end. */
  get closing(): Promise<void> | null {
    return this.#closing;
  }

  /** The backend in use. */
  get backend(): FeedBackend | null {
    return this.#feed?.backend ?? null;
  }

  /** Whether a subscription is open. */
  get subscribed(): boolean {
    return this.#feed?.connected ?? false;
  }

  /** Opens the subscription. */
  async open(): Promise<void> {
    const place = await detectPlace(this.root);
    if (this.over) return;
    this.slow = place.shared !== false;
    this.examiner.slow = this.slow;
    const { root, scope } = this;
    const ignores = (relative: string, type: EntryType | undefined): boolean =>
      this.ignores(relative, type);
    const terms = { root, scope, place, ignores };
    this.#feed = new Feed(this, this.environment, terms, this.#references > 0);
    await this.#feed.connect();
  }

  /**
   * Moves to the backends that are to be used now. Resolves when the scope is live again, or over;
   * gives the error when none of them can serve and the one in use goes on.
   */
  async reconnect(): Promise<WatchError | null> {
    // Whoever has not chosen yet will choose among what is to be used now.
    const error = (await this.#feed?.connect()) ?? null;
    while (this.#state === 'opening' || this.#state === 'recovering') await this.#nextMove();
    if (!this.over) await this.#pass(() => undefined);
    return error;
  }

  /** Counts one more, or one fewer, watch that keeps the process alive. */
  reference(by: 1 | -1): void {
    this.#references += by;
    this.#feed?.setReferenced(this.#references > 0);
  }

  /** A barrier: every change finished before the call has been looked at and told. Resolves also when the scope ends. */
  flush(): Promise<void> {
    this.#flush ??= this.#flushOnce();
    return this.#flush;
  }

  /** Ends the scope because nobody follows it any more. */
  close(): void {
    this.#end('closed');
  }

  touched(touches: readonly Touch[]): void {
    this.environment.meter.count(touches.length);
    const origin = this.backend?.capabilities.delivery === 'poll' ? 'poll' : 'event';
    for (const { path, reach, stat } of touches) {
      // A symlink is judged by where it points, which not every stat tells.
      const whole = stat !== undefined && (stat?.type !== 'symlink' || stat.link !== undefined);
      this.examiner.touch(whole ? { path, reach, origin, stat } : { path, reach, origin });
    }
  }

  lost(under: readonly AbsPath[], why: LossReason): void {
    this.#repairs.note(under, why);
    if (this.#state !== 'opening') this.#repairs.begin();
  }

  degraded(error: WatchError): void {
    this.#uncovered = true;
    this.problem(error);
    this.#tellMoved();
  }

  problem(error: WatchError): void {
    for (const listener of [...this.listeners()]) listener.scopeProblem(error);
  }

  connected(): void {
    const first = this.#state === 'opening';
    this.#passes.run({
      seed: () => this.seedAll(first ? 'initial' : 'rescan'),
      done: () => {
        if (first && this.#repairs.forget()) {
          // Nothing was promised before the scope is live, so this loss needs no telling.
          this.connected();
          return;
        }
        if (!first) this.#repaired({ under: [this.root], why: 'restart', always: false });
        if (this.subscribed) this.#move('live');
      },
    });
  }

  interrupted(error: WatchError): void {
    if (this.#state === 'live') this.#move('recovering', error);
  }

  gone(error: WatchError): void {
    this.#end('gone', error);
  }

  failed(error: WatchError): void {
    this.#end('failed', error);
  }

  async isIntact(): Promise<boolean> {
    const found = this.slow ? await this.environment.lane.look(this.root) : look(this.root);
    // What cannot be told is not known to be gone.
    return isWatchError(found) || this.#isRoot(found);
  }

  rested(): void {
    if (!this.#passes.running) this.#deliver(null);
  }

  /** Notes what a look at the directory itself found; says whether it is still the same one. */
  protected checkRoot(found: EntryStat | null): boolean {
    if (!this.#isRoot(found)) {
      this.gone(rootGone(this.root));
      return false;
    }
    this.rootStat ??= found;
    return true;
  }

  /** Sees to it that a listener is told when the present slice of work is over. */
  protected mark(listener: ScopeListener): void {
    this.#dirty.add(listener);
  }

  #isRoot(found: EntryStat | null): boolean {
    if (found?.type !== 'directory') return false;
    return this.rootStat === null || sameIdentity(this.rootStat, found);
  }

  #repaired(repair: Omit<Repair, 'unsure'>): void {
    this.environment.counts.repairs++;
    this.#deliver({ ...repair, unsure: this.unreadable.list() });
  }

  #deliver(repair: Repair | null): void {
    if (repair === null && this.#dirty.size === 0) return;
    const told = repair === null ? [...this.#dirty] : [...this.listeners()];
    this.#dirty.clear();
    for (const listener of told) listener.scopeRested(repair);
  }

  async #flushOnce(): Promise<void> {
    // Everybody who asks before the barrier is set shares it.
    await Promise.resolve();
    while (this.#state === 'opening' || this.#state === 'recovering') await this.#nextMove();
    this.#flush = null;
    if (this.over) return;
    const kept = await this.#feed?.barrier();
    if (this.over) return;
    await this.#pass(() => {
      if (kept === true) return;
      this.environment.counts.audits++;
      this.seedAll('rescan');
    });
  }

  /** Resolves when everything that waits, and what `seed` adds, has been looked at and told, or the scope is over. */
  async #pass(seed: () => void): Promise<void> {
    const examined = Promise.withResolvers<void>();
    const done = (): void => {
      this.#deliver(null);
      examined.resolve();
    };
    this.#passes.run({ seed, done });
    await Promise.race([examined.promise, this.#ended.promise]);
  }

  async #nextMove(): Promise<void> {
    await new Promise<void>((resolve) => void this.#waiters.push(resolve));
  }

  /** The only place that changes the state. */
  #move(next: ScopeState, error?: WatchError): void {
    if (this.over || next === this.#state) return;
    this.#state = next;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
    this.#tellMoved(error);
  }

  #tellMoved(error?: WatchError): void {
    for (const listener of [...this.listeners()]) listener.scopeMoved(this, error);
  }

  #end(next: 'gone' | 'failed' | 'closed', error?: WatchError): void {
    if (this.over) return;
    this.#deliver(null);
    this.examiner.close();
    this.#passes.clear();
    this.#closing = this.#feed?.close() ?? Promise.resolve();
    this.environment.forget(this, this.#closing);
    this.#ended.resolve();
    this.#move(next, error);
  }
}
