import type { OpenRequest, Sink, Subscription, WatchError } from '@watchkeeper/core';
import {
  coversTrees,
  Delivery,
  readRoot,
  RootGuard,
  withSafeIgnores,
  type EntryIdentity,
} from '@watchkeeper/core/backend-kit';
import type { LoadedChokidar } from './chokidar-module.ts';
import type { Cover, CoverContext } from './cover.ts';
import { DirectoryCover } from './directory-cover.ts';
import type { HandlePool } from './handle-pool.ts';
import { KeepAlive } from './keep-alive.ts';
import type { ResolvedChokidarOptions } from './options.ts';
import { errors } from './watch-failure.ts';
import { WholeCover } from './whole-cover.ts';

/** A loaded chokidar with the handles that are open on it. */
export interface ChokidarHost {
  readonly chokidar: LoadedChokidar;
  readonly pool: HandlePool;
}

/** One open request: what covers it, what that told, and the way to its sink. */
export class ChokidarSubscription implements Subscription {
  readonly barrier?: (signal?: AbortSignal) => Promise<void>;
  readonly #request: OpenRequest;
  readonly #options: ResolvedChokidarOptions;
  readonly #delivery: Delivery;
  readonly #guard: RootGuard;
  readonly #cover: Cover;
  readonly #keepAlive: KeepAlive;
  readonly #onAbort = (): void => void this.close();
  #failure: WatchError | null = null;
  #closing: Promise<void> | null = null;

  private constructor(
    request: OpenRequest,
    sink: Sink,
    identity: EntryIdentity,
    options: ResolvedChokidarOptions,
    { chokidar, pool }: ChokidarHost,
  ) {
    this.#request = withSafeIgnores(request, errors, (error) => this.#delivery.degrade(error));
    this.#options = options;
    this.#delivery = new Delivery(sink, errors);
    this.#guard = new RootGuard(request.root, identity, errors, (error) => this.#end(error));
    const context: CoverContext = {
      request: this.#request,
      delivery: this.#delivery,
      guard: this.#guard,
    };
    this.#cover = coversTrees(request.place.platform)
      ? new WholeCover(context, chokidar)
      : new DirectoryCover(context, pool);
    const { settle } = this.#cover;
    if (settle !== null) this.barrier = (signal) => this.#settle(settle, signal);
    this.#keepAlive = new KeepAlive(request.persistent);
    request.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Resolves once everything in scope is watched. Rejects with a {@link WatchError}, nothing left open. */
  static async open(
    request: OpenRequest,
    sink: Sink,
    options: ResolvedChokidarOptions,
    host: ChokidarHost,
  ): Promise<ChokidarSubscription> {
    if (request.signal.aborted) throw errors.aborted(request.root, request.signal.reason);
    const identity = readRoot(request.root, errors);
    const subscription = new ChokidarSubscription(request, sink, identity, options, host);
    try {
      await subscription.#start();
    } catch (error) {
      // Whoever waits for the refusal may count on nothing being held any more.
      await subscription.close();
      throw error;
    }
    return subscription;
  }

  ref(): void {
    this.#keepAlive.ref();
  }

  unref(): void {
    this.#keepAlive.unref();
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #start(): Promise<void> {
    const { root, signal, clock } = this.#request;
    const opening = this.#cover.open();
    await opening.catch((error: unknown) => {
      // Why an opening fails that was aborted or ended is known better than by what it ran into.
      if (this.#closing === null) throw error;
    });
    if (this.#closing !== null && this.#failure === null) throw errors.aborted(root, signal.reason);
    this.#guard.check();
    if (this.#failure !== null) {
      // Missing or no directory any more are errors of their own; another directory is not.
      readRoot(root, errors);
      throw this.#failure;
    }
    this.#guard.start(clock, this.#options.rootCheckMs, () => this.#cover.recheck());
    this.#delivery.release();
  }

  async #settle(settle: () => Promise<void>, signal: AbortSignal | undefined): Promise<void> {
    this.#assertOpen(signal);
    await settle();
    this.#assertOpen(signal);
    if (this.#guard.check()) this.#delivery.flush();
    this.#assertOpen(signal);
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
    const isGone = error.code === 'ERR_WATCH_ROOT_GONE';
    if (isGone) this.#delivery.touch({ path: this.#request.root, reach: 'tree', hint: 'removed' });
    this.#delivery.end(error);
    void this.close();
  }

  async #shutDown(): Promise<void> {
    this.#delivery.stop();
    this.#guard.stop();
    this.#keepAlive.end();
    this.#request.signal.removeEventListener('abort', this.#onAbort);
    await this.#cover.close();
  }
}
