import { spell, toAbsPath, toSpelling } from './abs-path.ts';
import { BatchGate } from './batch-gate.ts';
import { BatchIterator } from './batch-iterator.ts';
import type { ChangeBatch, ChangeKind, ChangeOrigin } from './change.ts';
import type { Clock } from './clock.ts';
import type { AbsPath, EntryStat } from './entry.ts';
import { WatchError } from './errors.ts';
import type { FeedBackend } from './feed-owner.ts';
import { Follower } from './follower.ts';
import type { FollowerHost } from './follower-host.ts';
import type { SlowLane } from './look.ts';
import type { ScopeRegistry } from './scope-registry.ts';
import type { Repair } from './scope-listener.ts';
import type { ScopeWish } from './scope-wish.ts';
import type { IgnoreFunction } from './tree-scope.ts';
import type { Watch, WatchEvents, WatchState } from './watch.ts';
import { WatchListeners } from './watch-listeners.ts';
import type { WatchSettings } from './watch-settings.ts';

/** What a watch needs from its watcher. */
export interface WatchEnvironment {
  readonly clock: Clock;
  readonly lane: SlowLane;
  readonly registry: ScopeRegistry;
  /** The watch was closed. */
  forget(watch: PathWatch): void;
}

/** One watched path. What few watches need is made when it is needed: there may be 10,000 of them. */
export class PathWatch implements Watch, FollowerHost {
  readonly path: string;
  readonly target: AbsPath;
  readonly #settings: WatchSettings;
  readonly #environment: WatchEnvironment;
  readonly #follower: Follower;
  #state: WatchState = 'opening';
  #referenced: boolean;
  #listeners: WatchListeners | null = null;
  #gate: BatchGate | null = null;
  #iterators: Set<BatchIterator> | null = null;
  /** Batches that came before anybody asked for them. */
  #unclaimed: BatchIterator | null = null;
  #sequence = 0;
  #ready: PromiseWithResolvers<void> | null = null;
  #failure: WatchError | null = null;
  #closing: Promise<void> | null = null;

  constructor(path: string, settings: WatchSettings, environment: WatchEnvironment) {
    this.path = path;
    this.target = toAbsPath(path);
    this.#settings = settings;
    this.#environment = environment;
    this.#referenced = settings.persistent;
    this.#follower = new Follower(this, environment.registry, environment.lane);
  }

  get ready(): Promise<void> {
    if (this.#ready !== null) return this.#ready.promise;
    this.#ready = Promise.withResolvers();
    // Who never asks how it went must not be told by a crash.
    this.#ready.promise.catch(() => undefined);
    if (this.#failure !== null) this.#ready.reject(this.#failure);
    else if (this.#state !== 'opening') this.#ready.resolve();
    return this.#ready.promise;
  }

  get state(): WatchState {
    return this.#state;
  }

  get backend(): FeedBackend | null {
    return this.#follower.backend;
  }

  get follow(): boolean {
    return this.#settings.follow;
  }

  get kind(): 'directory' | 'tree' {
    return this.#settings.recursive ? 'tree' : 'directory';
  }

  get ignore(): IgnoreFunction | undefined {
    return this.#settings.ignore;
  }

  get emitInitial(): boolean {
    return this.#settings.emitInitial;
  }

  get wish(): ScopeWish {
    return this.#settings.wish;
  }

  get referenced(): boolean {
    return this.#referenced;
  }

  /** Begins to watch. */
  start(): void {
    const { signal } = this.#settings;
    if (signal?.aborted === true) {
      this.#aborted();
      return;
    }
    signal?.addEventListener('abort', this.#aborted, { once: true });
    this.#follower.resolve();
  }

  on<E extends keyof WatchEvents>(event: E, listener: WatchEvents[E]): () => void {
    if (typeof listener !== 'function') {
      throw new TypeError(`Listener of ${event} must be a function, got ${typeof listener}`);
    }
    this.#listeners ??= new WatchListeners(this.path);
    const remove = this.#listeners.add(event, listener);
    if (event === 'batch' && this.#unclaimed !== null) queueMicrotask(this.#claim);
    return remove;
  }

  async flush(signal?: AbortSignal): Promise<void> {
    const flushed = this.#follower.flush().then(() => this.#gate?.flush());
    if (signal === undefined) {
      await flushed;
      return;
    }
    const aborted = Promise.withResolvers<void>();
    const abort = (): void => {
      aborted.reject(this.#endedBy('ERR_WATCH_ABORTED', 'stopped waiting for a flush'));
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      await Promise.race([flushed, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  ref(): this {
    this.#setReferenced(true);
    return this;
  }

  unref(): this {
    this.#setReferenced(false);
    return this;
  }

  close(): Promise<void> {
    return this.#end(() => this.#endedBy('ERR_WATCH_CLOSED', 'was closed'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<ChangeBatch, undefined> {
    const iterator: BatchIterator = new BatchIterator(() => void this.#iterators?.delete(iterator));
    const waiting = this.#unclaimed?.drain();
    this.#unclaimed = null;
    if (waiting) iterator.push(waiting);
    if (this.#closing === null) (this.#iterators ??= new Set()).add(iterator);
    else iterator.end(this.#failedBy());
    return iterator;
  }

  changed(
    kind: Exclude<ChangeKind, 'rename'>,
    relative: string,
    before: EntryStat | null,
    after: EntryStat | null,
    origin: ChangeOrigin,
  ): void {
    if (this.#closing !== null) return;
    const path = spell(toSpelling(this.path), relative);
    this.#opened().add({ kind, path, before, after, origin });
  }

  deliver(repair: (Omit<Repair, 'under'> & { readonly under: readonly string[] }) | null): void {
    if (this.#closing !== null) return;
    if (repair !== null) {
      const spelling = toSpelling(this.path);
      const under = [...new Set(repair.under.map((relative) => spell(spelling, relative)))];
      this.#opened().repair({ under, why: repair.why, unsure: repair.unsure }, repair.always);
    }
    this.#gate?.release();
  }

  moved(error?: WatchError): void {
    if (this.#closing !== null) return;
    const { state } = this.#follower;
    if (state === this.#state) return;
    const opened = this.#state === 'opening';
    // What is emitted at the start comes before `ready`.
    if (opened) this.#gate?.flush();
    this.#move(state, error);
    if (opened) this.#ready?.resolve();
  }

  problem(error: WatchError): void {
    this.#listeners?.emit('problem', this.#isOpen, error);
  }

  failed(error: WatchError): void {
    if (this.#closing !== null) return;
    this.#gate?.flush();
    this.problem(error);
    void this.#end(() => error, error);
  }

  readonly #isOpen = (): boolean => this.#closing === null;

  readonly #aborted = (): void => {
    void this.#end(() => this.#endedBy('ERR_WATCH_ABORTED', 'was aborted'));
  };

  readonly #claim = (): void => {
    const waiting = this.#unclaimed?.drain();
    this.#unclaimed = null;
    if (waiting) this.#emit(waiting);
  };

  #opened(): BatchGate {
    this.#gate ??= new BatchGate(
      this.#environment.clock,
      this.#settings,
      this.#referenced,
      (batch) => this.#emit(batch),
    );
    return this.#gate;
  }

  #emit(batch: Omit<ChangeBatch, 'sequence'>): void {
    if (this.#closing !== null) return;
    const heard = this.#listeners?.hasBatch ?? false;
    for (const iterator of this.#iterators ?? []) iterator.push(batch);
    if (heard) {
      const numbered = { sequence: ++this.#sequence, ...batch };
      this.#listeners?.emit('batch', this.#isOpen, numbered);
    } else if ((this.#iterators?.size ?? 0) === 0) {
      this.#unclaimed ??= new BatchIterator(() => undefined);
      this.#unclaimed.push(batch);
    }
  }

  #setReferenced(referenced: boolean): void {
    if (referenced === this.#referenced || this.#closing !== null) return;
    this.#referenced = referenced;
    this.#follower.reference(referenced ? 1 : -1);
    this.#gate?.setReferenced(referenced);
  }

  /** The only place that changes the state. */
  #move(state: WatchState, error?: WatchError): void {
    this.#state = state;
    this.#listeners?.emit('state', () => this.#state === state, state, error);
  }

  #endedBy(code: 'ERR_WATCH_CLOSED' | 'ERR_WATCH_ABORTED', what: string): WatchError {
    return new WatchError(`The watch on ${this.path} ${what}`, {
      code,
      backend: 'core',
      paths: [this.path],
    });
  }

  #failedBy(): WatchError | undefined {
    const code = this.#failure?.code;
    const wanted = code === 'ERR_WATCH_CLOSED' || code === 'ERR_WATCH_ABORTED';
    return wanted ? undefined : (this.#failure ?? undefined);
  }

  #end(why: () => WatchError, shown?: WatchError): Promise<void> {
    if (this.#closing !== null) return this.#closing;
    const opening = this.#state === 'opening';
    this.#failure = opening ? why() : (shown ?? null);
    const stopped = Promise.withResolvers<void>();
    this.#closing = stopped.promise;
    this.#settings.signal?.removeEventListener('abort', this.#aborted);
    this.#gate?.close();
    this.#unclaimed = null;
    for (const iterator of this.#iterators ?? []) iterator.end(this.#failedBy());
    this.#iterators = null;
    if (opening) this.#ready?.reject(this.#failure);
    this.#move('closed', shown);
    this.#listeners = null;
    this.#environment.forget(this);
    stopped.resolve(this.#follower.stop());
    return this.#closing;
  }
}
