import type { OpenRequest, Sink, Subscription, Timer, WatchError } from '@watchkeeper/core';
import { withSafeIgnores } from '@watchkeeper/core/backend-kit';
import { accessTo, type Access } from './access.ts';
import { LANES, type Lane } from './cadence.ts';
import type { CpuMeter } from './cpu-meter.ts';
import type { DiskReader, Look } from './disk-reader.ts';
import { EntryTable } from './entry-table.ts';
import { Examiner } from './examiner.ts';
import { isReplaced } from './fingerprint.ts';
import { intervalFor, type ResolvedPollOptions } from './options.ts';
import { Outlet } from './outlet.ts';
import { Pacer, type Purse } from './pacer.ts';
import { errors, stuck } from './poll-failure.ts';
import type { ReadGate } from './read-gate.ts';
import { Sweep } from './sweep.ts';

/** What all subscriptions of a backend share. */
export interface PollShared {
  readonly options: ResolvedPollOptions;
  readonly reader: DiskReader;
  readonly cpu: CpuMeter;
  readonly gate: ReadGate;
  readonly purse: Purse;
}

type Extent = 'due' | 'all';

/** One open request: a table of entries and the sweeps over it, never two at a time. */
export class PollSubscription implements Subscription {
  readonly #request: OpenRequest;
  readonly #shared: PollShared;
  readonly #outlet: Outlet;
  readonly #table: EntryTable;
  readonly #examiner: Examiner;
  readonly #pacer: Pacer;
  readonly #access: Access;
  readonly #flush = (): void => this.#outlet.flush();
  readonly #onAbort = (): void => void this.close();
  #referenced: boolean;
  #timer: Timer | null = null;
  #sweep: Sweep | null = null;
  #sweeps = 0;
  #alarm: Timer | null = null;
  #running: Promise<void> = Promise.resolve();
  #isRunning = false;
  #fullSweep: Promise<void> | null = null;
  #live = false;
  #failure: WatchError | null = null;
  #closing: Promise<void> | null = null;

  private constructor(request: OpenRequest, sink: Sink, shared: PollShared) {
    this.#request = withSafeIgnores(request, errors, (error) => this.#outlet.problem(error));
    this.#shared = shared;
    this.#referenced = request.persistent;
    this.#outlet = new Outlet(sink);
    this.#table = new EntryTable(request.root);
    const { options } = shared;
    const intervalMs = intervalFor(options, request.pollIntervalMs);
    const findings = {
      touch: this.#outlet.touch.bind(this.#outlet),
      problem: this.#outlet.problem.bind(this.#outlet),
      recovered: this.#outlet.recovered.bind(this.#outlet),
    };
    this.#examiner = new Examiner(this.#request, this.#table, findings, intervalMs);
    this.#access = accessTo(request, { ...shared, sliceMs: options.sliceMs });
    const pace = { intervalMs, maxIntervalMs: options.maxIntervalMs, budget: options.budget };
    this.#pacer = new Pacer(request.root, pace, () => this.#access.newCost(), shared.purse);
    request.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Resolves after the first sweep. Rejects with a {@link WatchError}. */
  static async open(
    request: OpenRequest,
    sink: Sink,
    shared: PollShared,
  ): Promise<PollSubscription> {
    if (request.signal.aborted) throw errors.aborted(request.root, request.signal.reason);
    const subscription = new PollSubscription(request, sink, shared);
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
    this.#referenced = true;
    this.#timer?.ref();
  }

  unref(): void {
    this.#referenced = false;
    this.#timer?.unref();
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
    this.#schedule();
  }

  /** One sweep from its root to its schedule. Synchronous to its end when one slice suffices. */
  #run(extent: Extent): Promise<void> {
    if (this.#closing !== null) return Promise.resolve();
    this.#timer?.cancel();
    this.#timer = null;
    this.#isRunning = true;
    this.#running = this.#sweepOnce(extent)
      // Reads never fail by throwing, so this is a defect: it ends the subscription, not the process.
      .catch((cause: unknown) => this.#fail(errors.defect(this.#request.root, cause)))
      .finally(() => {
        this.#isRunning = false;
        this.#alarm?.cancel();
      });
    return this.#running;
  }

  async #sweepOnce(extent: Extent): Promise<void> {
    const { clock } = this.#request;
    const startedAt = clock.now();
    const lanes = extent === 'all' ? LANES : this.#pacer.dueAt(startedAt);
    this.#startAlarm();
    const answer = this.#access.lookAtRoot();
    const look = answer instanceof Promise ? await answer : answer;
    if (look === undefined || this.#closing !== null || !this.#takeRoot(look)) return;
    this.#examiner.force = extent === 'all';
    this.#examiner.now = clock.now();
    const sweep = this.#newSweep(lanes);
    if (this.#examiner.afterRootLook(look)) sweep.list(this.#table.root);
    this.#sweep = sweep;
    const cpuMs = await this.#access.run(sweep, this.#flush);
    this.#sweep = null;
    if (this.#closing !== null) return;
    const record = { lanes, reads: sweep.reads, cpuMs, startedAt, endedAt: clock.now() };
    const problem = this.#pacer.swept(record, this.#table.counts);
    if (problem !== undefined) this.#outlet.problem(problem);
    this.#outlet.finish();
    this.#schedule();
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
    const { reader } = this.#shared;
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

  #schedule(): void {
    if (!this.#live || this.#closing !== null || this.#timer !== null) return;
    const { clock } = this.#request;
    const due = this.#pacer.next(this.#table.counts);
    this.#timer = clock.setTimeout(
      () => {
        this.#timer = null;
        // A barrier may have started a sweep meanwhile; it schedules the next one.
        if (!this.#isRunning) void this.#run('due');
      },
      Math.max(1, due - clock.now()),
    );
    if (!this.#referenced) this.#timer.unref();
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
    this.#timer?.cancel();
    this.#timer = null;
    this.#alarm?.cancel();
    this.#sweep?.stop();
    this.#access.close();
    this.#pacer.close();
    this.#request.signal.removeEventListener('abort', this.#onAbort);
    await this.#running;
  }
}
