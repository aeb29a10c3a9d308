import type { OpenRequest, Sink, Subscription, Timer, WatchError } from '@watchkeeper/core';
import { withSafeIgnores } from '@watchkeeper/core/backend-kit';
import { accessTo, type Access } from './access.ts';
import { LANES, type Lane } from './cadence.ts';
import type { Look } from './disk-reader.ts';
import { EntryTable } from './entry-table.ts';
import { Examiner } from './examiner.ts';
import { isReplaced } from './fingerprint.ts';
import { intervalFor } from './options.ts';
import { Outlet } from './outlet.ts';
import { Pacer } from './pacer.ts';
import { errors, stuck } from './poll-failure.ts';
import type { PollWorks } from './poll-works.ts';
import type { Member, Roster } from './roster.ts';
import type { SweepJob } from './sweep-job.ts';
import { Sweep } from './sweep.ts';

type Extent = 'due' | 'all';

const NEVER = Number.POSITIVE_INFINITY;

/** One open request: a table of entries and the sweeps over it, never two at a time. */
export class PollSubscription implements Subscription, Member, SweepJob {
  readonly #request: OpenRequest;
  readonly #works: PollWorks;
  readonly #roster: Roster;
  readonly #outlet: Outlet;
  readonly #table: EntryTable;
  readonly #examiner: Examiner;
  readonly #pacer: Pacer;
  readonly #access: Access;
  readonly #onAbort = (): void => void this.close();
  #referenced: boolean;
  #extent: Extent = 'all';
  #lanes: readonly Lane[] = [];
  #startedAt = 0;
  #sweep: Sweep | null = null;
  #sweeps = 0;
  #alarm: Timer | null = null;
  #running: Promise<void> = Promise.resolve();
  #endRun: (() => void) | null = null;
  #fullSweep: Promise<void> | null = null;
  #live = false;
  #failure: WatchError | null = null;
  #closing: Promise<void> | null = null;

  private constructor(request: OpenRequest, sink: Sink, works: PollWorks) {
    this.#request = withSafeIgnores(request, errors, (error) => this.#outlet.problem(error));
    this.#works = works;
    const { roster, slices } = works.shiftBy(request.clock);
    this.#roster = roster;
    this.#referenced = request.persistent;
    this.#outlet = new Outlet(sink);
    this.#table = new EntryTable(request.root);
    const { options } = works;
    const intervalMs = intervalFor(options, request.pollIntervalMs);
    const findings = {
      touch: this.#outlet.touch.bind(this.#outlet),
      problem: this.#outlet.problem.bind(this.#outlet),
      recovered: this.#outlet.recovered.bind(this.#outlet),
    };
    this.#examiner = new Examiner(this.#request, this.#table, findings, intervalMs);
    const { reader, cpu, gate, prices } = works;
    this.#access = accessTo(request, { reader, cpu, gate, prices, slices });
    const pace = { intervalMs, maxIntervalMs: options.maxIntervalMs, budget: options.budget };
    this.#pacer = new Pacer(request.root, pace, this.#access.prices, works.purse);
    request.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Resolves after the first sweep. Rejects with a {@link WatchError}. */
  static async open(request: OpenRequest, sink: Sink, works: PollWorks): Promise<PollSubscription> {
    if (request.signal.aborted) throw errors.aborted(request.root, request.signal.reason);
    const subscription = new PollSubscription(request, sink, works);
    try {
      await subscription.#start();
    } catch (error) {
      void subscription.close();
      throw error;
    }
    return subscription;
  }

  /** Sweeps everything once, now; a sweep that is under way may have passed the path in question and does not count. */
  async barrier(signal?: AbortSignal): Promise<void> {
    // A barrier may be asked for inside a sink call, which must return before the next one.
    await Promise.resolve();
    this.#assertOpen(signal);
    this.#fullSweep ??= this.#running.then(() => {
      this.#fullSweep = null;
      return this.#run('all');
    });
    await this.#fullSweep;
    this.#assertOpen(signal);
  }

  ref(): void {
    this.#setReferenced(true);
  }

  unref(): void {
    this.#setReferenced(false);
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #start(): Promise<void> {
    const { promise: abort, reject } = Promise.withResolvers<never>();
    const onAbort = (): void => reject(this.#aborted());
    this.#request.signal.addEventListener('abort', onAbort, { once: true });
    try {
      // A dead server may never answer, so the abort does not wait for the sweep.
      await Promise.race([this.#run('all'), abort]);
      if (this.#failure !== null) throw this.#failure;
      if (this.#closing !== null) throw this.#aborted();
    } finally {
      this.#request.signal.removeEventListener('abort', onAbort);
    }
    this.#live = true;
    this.#outlet.unmute();
    this.#roster.heed(this);
  }

  get isReferenced(): boolean {
    return this.#referenced;
  }

  get dueAt(): number {
    return this.#isIdle ? this.#pacer.schedule.nextDue(this.#table.counts) : NEVER;
  }

  get readyAt(): number {
    return this.#isIdle ? this.#pacer.schedule.nextReady(this.#table.counts) : NEVER;
  }

  /** Sweeps what is due. */
  start(): void {
    void this.#run('due');
  }

  get isTelling(): boolean {
    return this.#live;
  }

  begin(look: Look): Sweep | null {
    if (this.#closing !== null || !this.#takeRoot(look)) return null;
    const now = this.#request.clock.now();
    this.#lanes = this.#extent === 'all' ? LANES : this.#pacer.schedule.readyAt(now);
    this.#examiner.force = this.#extent === 'all';
    this.#examiner.now = now;
    this.#sweep = this.#newSweep(this.#lanes);
    if (this.#examiner.afterRootLook(look)) this.#sweep.list(this.#table.root);
    return this.#sweep;
  }

  progress(): void {
    this.#outlet.flush();
  }

  end(): void {
    const isSwept = this.#sweep !== null && this.#closing === null;
    this.#sweep = null;
    if (isSwept) {
      const [startedAt, endedAt] = [this.#startedAt, this.#request.clock.now()];
      const record = { lanes: this.#lanes, startedAt, endedAt };
      const problem = this.#pacer.swept(record, this.#table.counts);
      if (problem !== undefined) this.#outlet.problem(problem);
      this.#outlet.finish();
    }
    this.#settle();
  }

  fail(cause: unknown): void {
    this.#fail(errors.defect(this.#request.root, cause));
    this.#settle();
  }

  /** One look at everything that is due, or at all. */
  #run(extent: Extent): Promise<void> {
    if (this.#closing !== null) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#running = promise;
    this.#endRun = resolve;
    this.#extent = extent;
    this.#startedAt = this.#request.clock.now();
    this.#startAlarm();
    this.#access.start(this);
    return promise;
  }

  #settle(): void {
    this.#alarm?.cancel();
    this.#endRun?.();
    this.#endRun = null;
    if (this.#live && this.#closing === null) this.#roster.heed(this);
  }

  /** Whether it waits for its next sweep. */
  get #isIdle(): boolean {
    return this.#live && this.#closing === null && this.#endRun === null;
  }

  /** Tells of a place that does not answer while its sweep is still waiting: only such a place can hang. */
  #startAlarm(): void {
    if (this.#access.isLocal) return;
    const { clock, root } = this.#request;
    const { promisedMs } = this.#pacer;
    this.#alarm = clock.setTimeout(() => {
      if (!this.#live || !this.#pacer.isStuck(promisedMs)) return;
      this.#outlet.problem(stuck(root, promisedMs));
      this.#outlet.finish();
    }, promisedMs);
    this.#alarm.unref();
  }

  #newSweep(lanes: readonly Lane[]): Sweep {
    const { reader } = this.#works;
    this.#sweeps += 1;
    const tools = { reader, examiner: this.#examiner, clock: this.#request.clock };
    const entries = lanes.map((lane) => this.#table.inLane(lane));
    const sweep = new Sweep(tools, this.#sweeps, entries);
    // Comparing thousands of names is not for every look at a few hot ones.
    const follows = lanes.includes('warm') || this.#examiner.hasOtherNames;
    if (follows) sweep.add(this.#examiner.followNames());
    return sweep;
  }

  /** Judges the root before anything below it: when it is gone, the subscription ends. */
  #takeRoot(look: Look): boolean {
    const { path, stat } = this.#table.root;
    if (look.kind === 'failed' && !this.#live) {
      this.#failure = errors.reading(look.error, path, 'closed');
      return false;
    }
    if (look.kind === 'failed') return true;
    if (look.kind === 'found' && look.stats.isDirectory()) {
      // Network and FUSE servers may hand out another number for the same directory.
      if (stat === null || !this.#access.isLocal || !isReplaced(stat, look.stats)) return true;
    }
    if (this.#live) this.#endWithoutRoot(look.kind === 'absent');
    else this.#failure = look.kind === 'absent' ? errors.missing(path) : errors.notDirectory(path);
    return false;
  }

  #setReferenced(referenced: boolean): void {
    this.#referenced = referenced;
    if (this.#live && this.#closing === null) this.#roster.heed(this);
  }

  #aborted(): WatchError {
    return errors.aborted(this.#request.root, this.#request.signal.reason);
  }

  #assertOpen(signal: AbortSignal | undefined): void {
    if (signal?.aborted === true) throw errors.aborted(this.#request.root, signal.reason);
    if (this.#failure !== null) throw this.#failure;
    if (this.#closing !== null) throw errors.closed(this.#request.root);
  }

  #endWithoutRoot(removed: boolean): void {
    const { root } = this.#request;
    this.#outlet.touch({
      path: root,
      reach: 'tree',
      hint: removed ? 'removed' : 'changed',
      ...(removed ? { stat: null } : {}),
    });
    this.#fail(errors.rootGone(root, removed ? 'removed' : 'replaced'));
  }

  #fail(error: WatchError): void {
    this.#failure = error;
    this.#outlet.end(error);
    void this.close();
  }

  async #shutDown(): Promise<void> {
    this.#outlet.stop();
    this.#roster.leave(this);
    this.#alarm?.cancel();
    this.#sweep?.stop();
    this.#access.close();
    this.#pacer.close();
    this.#request.signal.removeEventListener('abort', this.#onAbort);
    await this.#running;
  }
}
