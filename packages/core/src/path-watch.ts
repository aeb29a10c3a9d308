import { relativeTo, spell, toAbsPath, toSpelling } from './abs-path.ts';
import { unpackCursor, type CursorSubject } from './cursor.ts';
import { CursorDesk } from './cursor-desk.ts';
import type { Change, ChangeBatch, ChangeKind, ChangeOrigin } from './change.ts';
import type { Clock } from './clock.ts';
import type { AbsPath, EntryStat } from './entry.ts';
import { isWatchError, type WatchError } from './errors.ts';
import type { FeedBackend } from './feed-owner.ts';
import { Follower } from './follower.ts';
import type { FollowerEnvironment, FollowerHost, RelativeRepair } from './follower-host.ts';
import { refuse } from './option-check.ts';
import { Outbox, type OutboxOwner } from './outbox.ts';
import { isReady, rejectQuietly } from './readiness.ts';
import type { Look } from './resolver.ts';
import { respelledPath } from './respelled.ts';
import { untilAborted } from './until-aborted.ts';
import type { Watch, WatchEvents, WatchState } from './watch.ts';
import { endedBy, isWanted, queueFull } from './watch-failure.ts';
import { WatchListeners, type ListenersOwner, type Told } from './watch-listeners.ts';
import type { WatchSettings } from './watch-settings.ts';

/** What a watch needs from its watcher. */
export interface WatchEnvironment extends FollowerEnvironment {
  readonly clock: Clock;
  /** The watch was closed. */
  forget(watch: PathWatch): void;
}

/** One watched path. What few watches need is made when it is needed: there may be 10,000 of them. */
export class PathWatch implements Watch, FollowerHost, OutboxOwner, ListenersOwner {
  readonly path: string;
  readonly target: AbsPath;
  readonly settings: WatchSettings;
  readonly environment: WatchEnvironment;
  listeners: WatchListeners | null = null;
  readonly #follower: Follower;
  #state: WatchState = 'opening';
  #referenced: boolean;
  #outbox: Outbox | null = null;
  #desk: CursorDesk | null = null;
  /** `over` once it was ready, whatever came later. */
  #ready: PromiseWithResolvers<void> | 'over' | null = null;
  #failure: WatchError | null = null;
  #closing: Promise<void> | null = null;

  constructor(path: string, settings: WatchSettings, environment: WatchEnvironment) {
    this.path = path;
    this.target = toAbsPath(path);
    this.settings = settings;
    this.environment = environment;
    this.#referenced = settings.persistent;
    this.#follower = new Follower(this);
  }

  get ready(): Promise<void> {
    if (this.#ready === 'over') return isReady;
    if (this.#ready !== null) return this.#ready.promise;
    this.#ready = Promise.withResolvers();
    if (this.#failure !== null) rejectQuietly(this.#ready, this.#failure);
    return this.#ready.promise;
  }

  get state(): WatchState {
    return this.#state;
  }

  get backend(): FeedBackend | null {
    return this.#follower.footing.backend;
  }

  get covered(): { readonly directories: number; readonly uncovered: readonly string[] } {
    const { footing } = this.#follower;
    const real = footing.scopes().flatMap((scope) => scope.uncovered);
    const uncovered = new Set(real.map((path) => respelledPath(path, footing, this.path)));
    return { directories: footing.directories, uncovered: [...uncovered] };
  }

  get referenced(): boolean {
    return this.#referenced;
  }

  get isOpen(): boolean {
    return this.#closing === null;
  }

  /** Begins to watch. */
  start(): void {
    const { signal, since } = this.settings;
    if (signal?.aborted === true) {
      this.handleEvent();
      return;
    }
    signal?.addEventListener('abort', this, { once: true });
    void (since === undefined ? this.#follower.resolve() : this.#resume(since));
  }

  on<E extends keyof WatchEvents>(event: E, listener: WatchEvents[E]): () => void {
    if (typeof listener !== 'function') {
      throw new TypeError(`Listener of ${event} must be a function, got ${typeof listener}`);
    }
    this.listeners ??= new WatchListeners(this);
    const remove = this.listeners.add(event, listener);
    if (event === 'batch') this.#outbox?.consumers.claim();
    return remove;
  }

  async flush(signal?: AbortSignal): Promise<void> {
    const flushed = this.#follower.flush().then(() => this.#outbox?.flush());
    await untilAborted(flushed, signal, () =>
      endedBy(this.path, 'ERR_WATCH_ABORTED', 'stopped waiting for a flush'),
    );
  }

  async rescan(path?: string): Promise<void> {
    const given = path ?? this.target;
    const relative = typeof given === 'string' ? relativeTo(this.target, toAbsPath(given)) : null;
    if (relative === null) throw refuse('path', `a path inside ${this.path}`, path);
    await this.#follower.rescan(relative);
    this.#outbox?.flush();
  }

  async cursor(): Promise<Uint8Array> {
    // The moment is that of the call, wherever there is anything to tell of it.
    if (this.#follower.told === null) await this.#follower.untilTold();
    const { told } = this.#follower;
    if (told === null || this.#closing !== null) {
      throw this.#failure ?? endedBy(this.path, 'ERR_WATCH_CLOSED', 'was closed');
    }
    this.#desk ??= new CursorDesk(toSpelling(this.path), this.environment.clock);
    return this.#desk.write(this.#subject, told, this.#opened().untold());
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
    return this.#end(() => endedBy(this.path, 'ERR_WATCH_CLOSED', 'was closed'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<ChangeBatch, undefined> {
    const iterator = this.#opened().consumers.iterate();
    if (this.#closing !== null) iterator.end(this.#failedBy());
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
    this.#desk?.note(relative, before);
    const path = spell(toSpelling(this.path), relative);
    this.#opened().add({ kind, path, before, after, origin });
  }

  deferred(relative: string, before: EntryStat | null): void {
    this.#desk?.note(relative, before);
  }

  parted(): void {
    this.#desk?.detach();
  }

  deliver(repair: RelativeRepair | null): void {
    if (this.#closing !== null) return;
    if (repair !== null) {
      const [under, unsure] = [this.#spelled(repair.under), this.#spelled(repair.unsure)];
      this.#opened().repair({ under, why: repair.why, unsure }, repair.always);
    }
    this.#outbox?.release();
  }

  moved(error?: WatchError): void {
    if (this.#closing !== null) return;
    const { state } = this.#follower;
    if (state === this.#state) return;
    const opened = this.#state === 'opening';
    // What is emitted at the start comes before `ready`.
    if (opened) this.#outbox?.flush();
    if (!this.isOpen) return;
    this.#move(state, error);
    if (!opened) return;
    if (this.#ready !== 'over') this.#ready?.resolve();
    this.#ready = 'over';
  }

  problem(error: WatchError): void {
    this.listeners?.emit('problem', error);
  }

  failed(error: WatchError): void {
    if (this.#closing !== null) return;
    this.#outbox?.flush();
    this.problem(error);
    void this.#end(() => error, error);
  }

  wants<E extends keyof WatchEvents>(event: E, told: Told<E>): boolean {
    return event === 'state' ? told === this.#state : this.#closing === null;
  }

  overflowed(): void {
    this.problem(queueFull(this.path, this.settings.maxQueuedPaths));
  }

  look(change: Change): Look | Promise<Look> {
    return this.#follower.footing.look(this.#relative(change), this.environment.lane);
  }

  differs(change: Change): void {
    this.#follower.footing.suspect(this.#relative(change));
  }

  /** The signal of the watch aborted. */
  handleEvent(): void {
    void this.#end(() => endedBy(this.path, 'ERR_WATCH_ABORTED', 'was aborted'));
  }

  get #subject(): CursorSubject {
    const { recursive, follow } = this.settings;
    return { target: this.target, recursive, follow };
  }

  async #resume(cursor: Uint8Array): Promise<void> {
    const told = await unpackCursor(this.#subject, cursor, this.environment.clock);
    if (this.#closing !== null) return;
    if (isWatchError(told)) {
      this.failed(told);
      return;
    }
    if (told.unsure) this.#opened().repairAll();
    this.#follower.resume(told.table);
    this.#follower.resolve();
  }

  #opened(): Outbox {
    const { clock } = this.environment;
    this.#outbox ??= new Outbox(clock, this.settings, this.#referenced, this);
    return this.#outbox;
  }

  #spelled(relatives: readonly string[]): readonly string[] {
    return [...new Set(relatives)].map((relative) => spell(toSpelling(this.path), relative));
  }

  #relative({ path }: Change): string {
    return relativeTo(toSpelling(this.path), path) ?? '';
  }

  #setReferenced(referenced: boolean): void {
    if (referenced === this.#referenced || this.#closing !== null) return;
    this.#referenced = referenced;
    this.#follower.reference(referenced ? 1 : -1);
    this.#outbox?.setReferenced(referenced);
  }

  /** The only place that changes the state. */
  #move(state: WatchState, error?: WatchError): void {
    this.#state = state;
    this.listeners?.emit('state', state, error);
  }

  #failedBy(): WatchError | undefined {
    return isWanted(this.#failure) ? undefined : (this.#failure ?? undefined);
  }

  #end(why: () => WatchError, shown?: WatchError): Promise<void> {
    if (this.#closing !== null) return this.#closing;
    const opening = this.#state === 'opening';
    this.#failure = opening ? why() : (shown ?? null);
    const stopped = Promise.withResolvers<void>();
    this.#closing = stopped.promise;
    this.settings.signal?.removeEventListener('abort', this);
    this.#outbox?.close();
    this.#outbox?.consumers.end(this.#failedBy());
    if (opening && this.#ready !== 'over' && this.#ready !== null) {
      rejectQuietly(this.#ready, this.#failure);
    }
    this.#move('closed', shown);
    this.#outbox = null;
    this.listeners = null;
    this.environment.forget(this);
    stopped.resolve(this.#follower.stop());
    return this.#closing;
  }
}
