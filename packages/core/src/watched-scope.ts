import type { Differs, Known } from './audited.ts';
import type { LossReason, Scope, Touch } from './backend.ts';
import type { ChangeOrigin } from './change.ts';
import type { AbsPath, EntryStat, EntryType } from './entry.ts';
import { isWatchError, type WatchError } from './errors.ts';
import type { Examiner, Job } from './examiner.ts';
import { Feed } from './feed.ts';
import type { FeedBackend, FeedOwner } from './feed-owner.ts';
import { look, type Steps } from './look.ts';
import { OwnFindings, type AgainHost } from './own-findings.ts';
import { detectPlace } from './place.ts';
import { RootIdentity } from './root-identity.ts';
import { ScopeCare, type CaredScope } from './scope-care.ts';
import { ScopeCoverage, type CoverageHost } from './scope-coverage.ts';
import type { ScopeEnvironment } from './scope-environment.ts';
import { rootGone } from './scope-error.ts';
import type { ScopeListener, ScopeState } from './scope-listener.ts';
import { ScopeStage } from './scope-stage.ts';
import { ScopeWork, type WorkHost } from './scope-work.ts';
import type { UnreadablePaths } from './unreadable-paths.ts';

/**
 * One directory and what is asked below it: owns what is known, the subscription that says where to
 * look, and the looking. Any number of watches share it.
 */
export abstract class WatchedScope
  implements FeedOwner, WorkHost, CaredScope, CoverageHost, AgainHost
{
  /** The directory: real, without symlinks. */
  readonly root: AbsPath;
  protected readonly environment: ScopeEnvironment;
  protected readonly examiner: Examiner;
  protected readonly unreadable: UnreadablePaths;
  /** Compares it with the disk where its backend may lose evidence. */
  protected readonly care: ScopeCare;
  /** Which directory it is. */
  protected readonly identity: RootIdentity;
  /** Whether a look may wait for a server. */
  slow = true;
  readonly #work: ScopeWork;
  readonly #coverage: ScopeCoverage;
  readonly #stage = new ScopeStage();
  readonly #own: OwnFindings;
  #closing: Promise<void> | null = null;
  #feed: Feed | null = null;
  #references = 0;
  #flush: Promise<void> | null = null;

  constructor(root: AbsPath, stat: EntryStat | null, environment: ScopeEnvironment) {
    this.root = root;
    this.identity = new RootIdentity(stat);
    this.environment = environment;
    this.#work = new ScopeWork(this, environment);
    this.examiner = this.#work.examiner;
    this.#coverage = new ScopeCoverage(this, environment.clock);
    this.#own = new OwnFindings(environment.clock, this);
    this.unreadable = this.#coverage.unreadable;
    this.care = new ScopeCare(this, environment.watchdog);
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
  abstract ignores(relative: string, type: EntryType | undefined): boolean;
  /** Everybody who follows this scope. */
  abstract listeners(): Iterable<ScopeListener>;
  /** The steps that compare everything with the disk, once. Change nothing. */
  abstract audit(differs: Differs): Steps;
  /** What is known of a path; `undefined` when it does not belong here. */
  abstract known(path: AbsPath): Known;
  /** Looks at once at what hot watches follow. */
  abstract lookAtHot(): void;
  /** Queues everything there is to look at. */
  abstract seedAll(origin: ChangeOrigin): void;
  /** Queues what lies at or below a path. */
  abstract seedUnder(path: AbsPath, origin: ChangeOrigin): void;

  /** Where the scope stands. */
  get state(): ScopeState {
    return this.#stage.state;
  }

  /** Whether something of it is not covered. */
  get partial(): boolean {
    return this.#coverage.partial;
  }

  /** What of it is not covered, or could not be looked at. */
  get uncovered(): readonly AbsPath[] {
    return this.#coverage.list();
  }

  /** Whether it is being read as a whole. */
  get busy(): boolean {
    return this.#work.busy;
  }

  /** Whether it ended, for whatever reason. */
  get over(): boolean {
    return this.#stage.over;
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

  /** Opens the subscription; gives the error when none can be had, or not for now. */
  async open(): Promise<WatchError | null> {
    const place = await detectPlace(this.root);
    if (this.over) return null;
    this.slow = place.shared !== false;
    this.examiner.slow = this.slow;
    const { root, scope } = this;
    const ignores = (relative: string, type: EntryType | undefined): boolean =>
      this.ignores(relative, type);
    const terms = { root, scope, place, ignores };
    this.#feed = new Feed(this, this.environment, terms, this.#references > 0);
    return this.#feed.connect();
  }

  /**
   * Moves to the backends that are to be used now. Resolves when the scope is live again, or over;
   * gives the error when none of them can serve and the one in use goes on.
   */
  async reconnect(): Promise<WatchError | null> {
    // Whoever has not chosen yet will choose among what is to be used now.
    const error = (await this.#feed?.connect()) ?? null;
    if (error !== null && !this.subscribed) return error;
    await this.#stage.settled();
    if (!this.over) await this.pass(() => undefined);
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
    this.examiner.take(touches, this.#own.origin);
    this.environment.meter.count(touches.length);
  }

  lost(under: readonly AbsPath[], why: LossReason): void {
    this.#work.lost(under, why);
    if (this.state !== 'opening') this.#work.repair();
    if (why === 'uncovered') this.#coverage.covered(under);
  }

  degraded(error: WatchError): void {
    this.#coverage.degraded(error);
  }

  coverageMoved(error?: WatchError): void {
    for (const listener of [...this.listeners()]) listener.scopeMoved(this, error);
  }

  isAbsent(path: AbsPath): boolean {
    return path !== this.root && (this.known(path) ?? null) === null && !this.unreadable.has(path);
  }

  unsure(): readonly AbsPath[] {
    return this.unreadable.list();
  }

  problem(error: WatchError): void {
    for (const listener of [...this.listeners()]) listener.scopeProblem(error);
  }

  connected(): void {
    const first = this.state === 'opening';
    this.#own.serve(this.backend?.capabilities ?? null);
    // What the backend before this one did not cover is no concern of this one.
    if (!first) this.#coverage.covered([this.root]);
    this.care.moved();
    this.#work.run(
      () => this.seedAll(first ? 'initial' : 'rescan'),
      () => {
        if (first && this.#work.forgetLosses()) {
          // Nothing was promised before the scope is live, so this loss needs no telling.
          this.connected();
          return;
        }
        if (!first) this.#work.repaired({ under: [this.root], why: 'restart', always: false });
        if (this.subscribed) this.#move('live');
      },
    );
  }

  interrupted(error: WatchError): void {
    if (this.state === 'live') this.#move('recovering', error);
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
    return isWatchError(found) || this.identity.accepts(found);
  }

  rested(): void {
    this.#work.rested();
  }

  pass(seed: () => void): Promise<void> {
    return this.#work.pass(seed);
  }

  reread(why: LossReason): Promise<boolean> {
    return this.#work.reread(why);
  }

  /** Notes what a look at the directory itself found; says whether it is still the same one. */
  protected checkRoot(found: EntryStat | null): boolean {
    const same = this.identity.accepts(found);
    if (!same) this.gone(rootGone(this.root));
    return same;
  }

  /** Notes that a look of core's own, not a stat of the backend's, found a path below the directory to differ. */
  protected foundAlone(relative: string): void {
    this.#own.add(relative);
  }

  /** Sees to it that a listener is told when the present slice of work is over. */
  protected mark(listener: ScopeListener, origin: ChangeOrigin): void {
    this.#work.mark(listener, origin);
  }

  async #flushOnce(): Promise<void> {
    // Everybody who asks before the barrier is set shares it.
    await Promise.resolve();
    await this.#stage.settled();
    this.#flush = null;
    if (this.over) return;
    const again = this.#own.take();
    const kept = await this.#feed?.barrier();
    const suspicion = this.over ? null : this.care.takeSuspicion();
    if (suspicion !== null) await this.reread(suspicion);
    if (suspicion !== null || this.over) return;
    await this.pass(() => {
      // A barrier vouches for what the kernel kept, not for what it dropped.
      const vouched = kept === true && !this.care.silent;
      if (!vouched) this.environment.counts.audits++;
      this.#own.seed(vouched ? again : 'everything');
    });
  }

  #move(next: ScopeState, error?: WatchError): void {
    if (!this.#stage.move(next)) return;
    this.care.moved();
    this.coverageMoved(error);
  }

  #end(next: 'gone' | 'failed' | 'closed', error?: WatchError): void {
    if (this.over) return;
    this.#coverage.close();
    this.#own.serve(null);
    this.#work.close();
    this.#closing = this.#feed?.close() ?? Promise.resolve();
    this.environment.forget(this, this.#closing);
    this.#move(next, error);
  }
}
