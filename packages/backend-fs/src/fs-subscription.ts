import {
  WatchError,
  type OpenRequest,
  type Sink,
  type Subscription,
  type WatchErrorCode,
} from '@watchkeeper/core';
import { watchesTreesNatively } from './capabilities.ts';
import type { Cover, CoverContext } from './cover.ts';
import { Delivery } from './delivery.ts';
import { DirectoryCover } from './directory-cover.ts';
import type { Identity } from './entry-look.ts';
import { HandleSet } from './handle-set.ts';
import { NativeTreeCover } from './native-tree-cover.ts';
import type { ResolvedFsOptions } from './options.ts';
import type { QueuePressure } from './queue-pressure.ts';
import { RootGuard, readRoot } from './root-guard.ts';
import { turn } from './turn.ts';
import { withSafeIgnores } from './safe-ignores.ts';
import { BACKEND_NAME, toWatchError } from './watch-failure.ts';

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
    identity: Identity,
    options: ResolvedFsOptions,
    pressure: QueuePressure,
  ) {
    this.#request = withSafeIgnores(request, (error) => this.#delivery.degrade(error));
    this.#options = options;
    this.#handles = new HandleSet(request.persistent);
    this.#delivery = new Delivery(sink);
    this.#guard = new RootGuard(request.root, identity, (error) => this.#end(error));
    const native = watchesTreesNatively(request.place.platform);
    const context: CoverContext = {
      request: this.#request,
      handles: this.#handles,
      delivery: this.#delivery,
      guard: this.#guard,
      sliceMs: options.sliceMs,
      fail: (cause) => this.#end(toWatchError(cause, request.root)),
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
    if (request.signal.aborted) throw aborted(request);
    const identity = readRoot(request.root);
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
    if (this.#closing !== null && this.#failure === null) throw aborted(this.#request);
    this.#guard.check();
    if (this.#failure !== null) {
      // Missing or no directory any more are errors of their own; another directory is not.
      readRoot(this.#request.root);
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
    if (signal?.aborted === true)
      throw failure('ERR_WATCH_ABORTED', 'The barrier was aborted', this.#request, signal.reason);
    if (this.#failure !== null) throw this.#failure;
    if (this.#closing !== null)
      throw failure('ERR_WATCH_CLOSED', 'The subscription is closed', this.#request);
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

function aborted(request: OpenRequest): WatchError {
  return failure(
    'ERR_WATCH_ABORTED',
    `Opening ${request.root} was aborted`,
    request,
    request.signal.reason,
  );
}

function failure(
  code: WatchErrorCode,
  message: string,
  request: OpenRequest,
  cause?: unknown,
): WatchError {
  return new WatchError(message, { code, backend: BACKEND_NAME, paths: [request.root], cause });
}
