import type { OpenRequest, Sink, Subscription, WatchError } from '@watchkeeper/core';
import {
  coversTrees,
  Delivery,
  readRoot,
  RootGuard,
  turn,
  withSafeIgnores,
  type EntryIdentity,
} from '@watchkeeper/core/backend-kit';
import type { Cover, CoverContext } from './cover.ts';
import { DirectoryCover } from './directory-cover.ts';
import { HandleSet } from './handle-set.ts';
import { NativeTreeCover } from './native-tree-cover.ts';
import type { ResolvedFsOptions } from './options.ts';
import type { QueuePressure } from './queue-pressure.ts';
import { errors } from './watch-failure.ts';

/** One open request: the handles, what they told and the way to its sink. */
export class FsSubscription implements Subscription {
  readonly barrier?: (signal?: AbortSignal) => Promise<void>;
  readonly #request: OpenRequest;
  readonly #options: ResolvedFsOptions;
  readonly #handles: HandleSet;
  readonly #delivery: Delivery;
  readonly #guard: RootGuard;
  readonly #cover: Cover;
  readonly #stopListening: () => void;
  readonly #onAbort = (): void => void this.close();
  #failure: WatchError | null = null;
  #closing: Promise<void> | null = null;

  private constructor(
    request: OpenRequest,
    sink: Sink,
    identity: EntryIdentity,
    options: ResolvedFsOptions,
    pressure: QueuePressure,
  ) {
    this.#request = withSafeIgnores(request, errors, (error) => this.#delivery.degrade(error));
    this.#options = options;
    this.#handles = new HandleSet(request.persistent);
    this.#delivery = new Delivery(sink, errors);
    this.#guard = new RootGuard(request.root, identity, errors, (error) => this.#end(error));
    const native = coversTrees(request.place.platform);
    const context: CoverContext = {
      request: this.#request,
      handles: this.#handles,
      delivery: this.#delivery,
      guard: this.#guard,
      sliceMs: options.sliceMs,
      fail: (cause) => this.#end(errors.watching(cause, request.root)),
    };
    this.#cover =
      native && request.scope.kind === 'tree'
        ? new NativeTreeCover(context)
        : new DirectoryCover(context, () => pressure.note());
    this.#stopListening = pressure.onOverflow(() => {
      this.#delivery.lose([request.root], 'overflow');
      this.#cover.recover();
    });
    if (!native) this.barrier = (signal) => this.#settle(signal);
    request.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Resolves once every directory in scope has its handle. Rejects with a {@link WatchError}, nothing left open. */
  static async open(
    request: OpenRequest,
    sink: Sink,
    options: ResolvedFsOptions,
    pressure: QueuePressure,
  ): Promise<FsSubscription> {
    if (request.signal.aborted) throw errors.aborted(request.root, request.signal.reason);
    const identity = readRoot(request.root, errors);
    const subscription = new FsSubscription(request, sink, identity, options, pressure);
    try {
      await subscription.#start();
    } catch (error) {
      await subscription.close();
      throw error;
    }
    return subscription;
  }

  ref(): void {
    this.#handles.setReferenced(true);
  }

  unref(): void {
    this.#handles.setReferenced(false);
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #start(): Promise<void> {
    let covered = this.#cover.start();
    while (!covered && this.#closing === null) {
      await turn();
      if (this.#closing === null) covered = this.#cover.start();
    }
    // An abort in the same turn as `open` is still an abort of the opening.
    await Promise.resolve();
    if (this.#closing !== null && this.#failure === null)
      throw errors.aborted(this.#request.root, this.#request.signal.reason);
    this.#guard.check();
    if (this.#failure !== null) {
      // Missing or no directory any more are errors of their own; another directory is not.
      readRoot(this.#request.root, errors);
      throw this.#failure;
    }
    this.#guard.start(this.#request.clock, this.#options.rootCheckMs, () => this.#cover.recheck());
    this.#delivery.release();
  }

  /**
   * inotify queues an event before the system call that caused it returns, and libuv empties the queue
   * in one poll phase. The second turn of the check phase has a whole poll phase before it.
   */
  async #settle(signal: AbortSignal | undefined): Promise<void> {
    await turn();
    await turn();
    this.#assertOpen(signal);
    if (!this.#guard.check()) return;
    await this.#cover.whenCovered();
    this.#assertOpen(signal);
    this.#delivery.flush();
  }

  #assertOpen(signal: AbortSignal | undefined): void {
    const { root } = this.#request;
    if (signal?.aborted === true) throw errors.aborted(root, signal.reason);
    if (this.#failure !== null) throw this.#failure;
    if (this.#closing !== null) throw errors.closed(root);
  }

  #end(error: WatchError): void {
    if (this.#failure !== null || this.#closing !== null) return;
    this.#failure = error;
    const gone = error.code === 'ERR_WATCH_ROOT_GONE';
    if (gone) this.#delivery.touch({ path: this.#request.root, reach: 'tree', hint: 'removed' });
    this.#delivery.end(error);
    void this.close();
  }

  async #shutDown(): Promise<void> {
    this.#delivery.stop();
    this.#guard.stop();
    this.#stopListening();
    this.#cover.close();
    this.#request.signal.removeEventListener('abort', this.#onAbort);
    await this.#handles.closeAll();
  }
}
