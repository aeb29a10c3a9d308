import type { OpenRequest, Sink, Subscription, Timer, WatchError } from '@watchkeeper/core';
import { turn, withSafeIgnores } from '@watchkeeper/core/backend-kit';
import { LANES, intervals, type Lane } from './cadence.ts';
import type { DiskReader, Look } from './disk-reader.ts';
import { EntryTable } from './entry-table.ts';
import { Examiner } from './examiner.ts';
import { isReplaced } from './fingerprint.ts';
import type { Gate } from './gate.ts';
import { LaneSchedule } from './lane-schedule.ts';
import { LookCost } from './look-cost.ts';
import { intervalFor, type ResolvedPollOptions } from './options.ts';
import { Outlet } from './outlet.ts';
import { errors } from './poll-failure.ts';
import type { PolledEntry } from './polled-entry.ts';
import { Sweep } from './sweep.ts';

/** Asynchronous reads at once: half of Node's four file system threads, so that a dead server cannot hold them all. */
export const REMOTE_IN_FLIGHT = 2;

/** What all subscriptions of a backend share. */
export interface PollShared {
  readonly options: ResolvedPollOptions;
  readonly reader: DiskReader;
  readonly gate: Gate;
}

type Extent = 'due' | 'all';

/** One open request: a table of entries and the sweeps over it, never two at a time. */
export class PollSubscription implements Subscription {
  readonly #request: OpenRequest;
  readonly #shared: PollShared;
  readonly #outlet: Outlet;
  readonly #table: EntryTable;
  readonly #examiner: Examiner;
  readonly #cost: LookCost;
  readonly #lanes = new LaneSchedule();
  readonly #onAbort = (): void => void this.close();
  #referenced: boolean;
  #timer: Timer | null = null;
  #sweep: Sweep | null = null;
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
    this.#examiner = new Examiner(this.#request, this.#table, {
      touch: (touch) => this.#outlet.touch(touch),
      problem: (error) => this.#outlet.problem(error),
    });
    this.#cost = new LookCost(this.#isLocal);
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

  get #isLocal(): boolean {
    return this.#request.place.shared === false;
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
      });
    return this.#running;
  }

  async #sweepOnce(extent: Extent): Promise<void> {
    const lanes = extent === 'all' ? LANES : this.#lanes.dueAt(this.#request.clock.now());
    const { reader, gate } = this.#shared;
    const { root } = this.#table;
    const look = this.#isLocal
      ? reader.lookSync(root.path)
      : await gate.run(() => reader.look(root.path));
    if (this.#closing !== null || !this.#takeRoot(look)) return;
    this.#examiner.force = extent === 'all';
    const sweep = new Sweep(reader, this.#examiner, this.#entriesOf(lanes));
    if (this.#examiner.afterRootLook(look)) sweep.list(root);
    this.#sweep = sweep;
    if (this.#isLocal) await this.#sweepSync(sweep);
    else await sweep.runAsync(gate, REMOTE_IN_FLIGHT, () => this.#outlet.flush());
    this.#sweep = null;
    if (this.#closing !== null) return;
    this.#outlet.finish();
    this.#lanes.swept(lanes, this.#request.clock.now(), this.#intervals());
    this.#schedule();
  }

  async #sweepSync(sweep: Sweep): Promise<void> {
    const { clock } = this.#request;
    for (let done = false; !done && this.#closing === null;) {
      const readsBefore = sweep.reads;
      const startedAt = clock.now();
      done = sweep.runSlice(clock, this.#shared.options.sliceMs);
      this.#cost.note(sweep.reads - readsBefore, clock.now() - startedAt);
      this.#outlet.flush();
      if (!done) await turn();
    }
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
      if (stat === null || !this.#isLocal || !isReplaced(stat, look.stats)) return true;
    }
    if (this.#live) this.#endWithoutRoot(look.kind === 'absent');
    else this.#failure = look.kind === 'absent' ? errors.missing(path) : errors.notDirectory(path);
    return false;
  }

  #entriesOf(lanes: readonly Lane[]): PolledEntry[] {
    const { scope } = this.#request;
    const added = scope.kind === 'names' ? this.#examiner.followNames(scope.names) : [];
    const entries = lanes.flatMap((lane) => this.#table.inLane(lane));
    return [...new Set([...entries, ...added])];
  }

  #intervals(): Readonly<Record<Lane, number>> {
    const { options } = this.#shared;
    const pace = {
      intervalMs: intervalFor(options, this.#request.pollIntervalMs),
      maxIntervalMs: options.maxIntervalMs,
      budget: options.budget,
    };
    return intervals(pace, { counts: this.#table.counts, lookCostMs: this.#cost.milliseconds });
  }

  #schedule(): void {
    if (!this.#live || this.#closing !== null || this.#timer !== null) return;
    const { clock } = this.#request;
    const due = this.#lanes.next(this.#table.counts);
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
    this.#sweep?.stop();
    this.#request.signal.removeEventListener('abort', this.#onAbort);
    await this.#running;
  }
}
