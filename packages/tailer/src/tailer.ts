import { resolve } from 'node:path';

import type { PathWatcher } from '@watchkeeper/core';

import { BatchBuilder } from './batch-builder.ts';
import { Batcher } from './batcher.ts';
import { fromCursor, toCursor, type Checkpoint } from './cursor-codec.ts';
import type { TailCursor } from './cursor.ts';
import { engineOf } from './engine.ts';
import { TailError, type TailErrorInit } from './errors.ts';
import { errorCode, type FileIo } from './file-io.ts';
import { Follower } from './follower.ts';
import { requirePath, resolveOptions, type ResolvedOptions } from './options.ts';
import { CallbackOutlet, type Outlet, type OutletEvents } from './outlet.ts';
import { PullOutlet } from './pull-outlet.ts';
import { remedyFor } from './read-error.ts';
import { ReadLoop, type ReadLoopOwner } from './read-loop.ts';
import type { Tail, TailBatch, TailOptions } from './tail.ts';
import { WatchLink } from './watch-link.ts';

/** What `stop()` still reads: far more than a live writer adds between two wakes, and less than a tenth of a second of work. */
export const STOP_READ_BYTES: number = 16 * 1024 * 1024;

/** The outside world of a {@link Tailer}. */
export interface TailerWorld {
  /** Gives the watcher for a tail whose options name none. */
  readonly sharedWatcher: () => PathWatcher;
  readonly io: FileIo;
}

/** One tail: brings together the signals, the reading, the batching and the consumer. */
export class Tailer<T> implements Tail<T> {
  readonly path: string;
  readonly #options: ResolvedOptions<T>;
  readonly #given: TailOptions<T>;
  readonly #follower: Follower;
  readonly #loop: ReadLoop;
  readonly #batcher: Batcher<T>;
  readonly #builder: BatchBuilder<T>;
  readonly #outlet: Outlet<T>;
  readonly #link: WatchLink;
  readonly #ready: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #closed: PromiseWithResolvers<void> = Promise.withResolvers();
  /** Everything before it was delivered or skipped. */
  #committed: Checkpoint;
  /** What was committed before the batch that is being delivered. */
  #before: Checkpoint | null = null;
  /** Whether the promise of `onBatch` is pending. */
  #uncertain = false;
  /** Whether the watch was ever live. */
  #watched = false;
  #stopping = false;
  #finished = false;

  constructor(path: string, options: TailOptions<T>, world: TailerWorld) {
    requirePath(path);
    this.path = path;
    this.#given = options;
    this.#options = resolveOptions(options);
    const { clock, parse, maxLineBytes, readChunkBytes } = this.#options;
    const engine = engineOf(clock);
    this.#batcher = new Batcher(clock, this.#options, () => this.#flush());
    this.#builder = new BatchBuilder(this.#batcher, {
      path,
      parse,
      report: (error) => this.#report(error),
      seal: () => this.#seal(),
    });
    const target = resolve(path);
    const { pool } = engine;
    this.#follower = new Follower(
      { path: target, io: world.io, clock, pool, maxLineBytes, readChunkBytes },
      this.#builder,
    );
    const events = this.#outletEvents();
    this.#outlet =
      options.onBatch === undefined
        ? new PullOutlet(events, () => this.stop())
        : new CallbackOutlet(options.onBatch, events);
    const { heartbeatMs } = this.#options;
    this.#loop = new ReadLoop(
      { follower: this.#follower, engine, clock, heartbeatMs },
      this.#loopOwner(),
    );
    const watcher = this.#options.watcher ?? world.sharedWatcher();
    this.#link = new WatchLink(watcher, target, clock, {
      changed: (found) => this.#loop.changed(found),
      live: () => this.#live(),
      problem: (error) => this.#report(this.#watchError(error)),
      lost: (error) => this.#lost(error),
    });
    // Whoever waits for it sees the rejection; nobody has to.
    this.#ready.promise.catch(() => undefined);
    this.#committed = this.#follower.checkpoint;
    this.#start();
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  get byteOffset(): number {
    return this.#standing().offset;
  }

  get lineIndex(): number {
    return this.#standing().lineIndex;
  }

  get stopped(): boolean {
    return this.#stopping;
  }

  cursor(): TailCursor {
    return toCursor(this.#standing());
  }

  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    // During a read the lines of that read come first: the loop then calls back.
    if (this.#loop.reading) this.#loop.stop();
    else this.#finish();
  }

  [Symbol.asyncIterator](): AsyncIterator<TailBatch<T>, undefined> {
    if (this.#outlet instanceof PullOutlet) return this.#outlet.iterator();
    throw new TypeError('a tail with onBatch cannot be iterated: leave onBatch out');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await this.closed;
  }

  #start(): void {
    const { from } = this.#options;
    const { signal } = this.#given;
    if (signal?.aborted === true) {
      this.#stopping = true;
      this.#close();
      return;
    }
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    try {
      if (from === 'end') this.#follower.startAtEnd();
      else if (from !== 'start') this.#follower.startAt(fromCursor(from));
    } catch (error) {
      // The first turn meets the same failure and reports it, after the caller has the handle.
      if (errorCode(error) === undefined) throw error;
    }
    this.#committed = this.#follower.checkpoint;
    engineOf(this.#options.clock).turns.add(this.#link);
    this.#loop.start(from !== 'end');
  }

  readonly #onAbort = (): void => this.stop();

  #live(): void {
    this.#watched = true;
    this.#loop.lookAndRead();
    this.#settleReady();
  }

  /** The watch tells of every later change, but only a file that was opened once can be found again after a rotation. */
  #settleReady(): void {
    if (this.#watched && this.#loop.begun) this.#ready.resolve();
  }

  #lost(error: unknown): void {
    const lost = this.#watchError(error, true);
    this.#ready.reject(lost);
    if (this.#stopping) return;
    this.#report(lost);
    this.#stopping = true;
    this.#finish(lost);
  }

  #seal(): void {
    const parcel = this.#builder.seal(this.#follower.checkpoint);
    if (parcel !== null) this.#outlet.offer(parcel);
  }

  #flush(): void {
    this.#seal();
    this.#outlet.pump();
  }

  #finish(reason?: TailError): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#loop.stop();
    this.#loop.readRest(Math.ceil(STOP_READ_BYTES / this.#options.readChunkBytes));
    this.#flush();
    this.#close(reason);
  }

  #close(reason?: TailError): void {
    this.#finished = true;
    this.#given.signal?.removeEventListener('abort', this.#onAbort);
    this.#batcher.cancel();
    this.#follower.close();
    this.#ready.resolve();
    const settle = (): void => this.#closed.resolve();
    // A watch that fails to close leaves nothing that the caller could act on.
    void Promise.all([this.#link.close(), this.#outlet.end(reason)]).then(settle, settle);
  }

  #standing(): Checkpoint {
    return this.#uncertain && this.#before !== null ? this.#before : this.#committed;
  }

  #loopOwner(): ReadLoopOwner {
    return {
      ready: () => this.#outlet.free,
      prompt: () => this.#link.prompt,
      begun: () => this.#settleReady(),
      stepped: () => this.#stepped(),
      failed: (error) => this.#report(this.#readError(error)),
      interrupted: () => this.#finish(),
    };
  }

  #stepped(): void {
    this.#outlet.pump();
    if (this.#batcher.settle()) this.#flush();
    else if (this.#batcher.empty && this.#outlet.free) this.#committed = this.#follower.checkpoint;
  }

  #outletEvents(): OutletEvents<T> {
    return {
      delivering: ({ checkpoint }) => {
        this.#before = this.#committed;
        this.#committed = checkpoint;
      },
      pending: () => {
        this.#uncertain = true;
      },
      delivered: () => {
        this.#uncertain = false;
      },
      failed: ({ batch }, cause) => {
        this.#uncertain = false;
        const { byteRange: range, generation } = batch;
        const init: TailErrorInit = {
          code: 'CALLBACK_ERROR',
          path: this.path,
          range,
          generation,
          cause,
          remedy:
            'handle errors inside onBatch; start again from an earlier cursor to see the batch once more',
        };
        this.#report(new TailError('onBatch failed; its batch counts as delivered', init));
      },
      freed: () => this.#loop.resume(),
    };
  }

  #readError(cause: unknown): TailError {
    const remedy = remedyFor(cause);
    const reason = cause instanceof Error ? cause.message : String(cause);
    const init: TailErrorInit = { code: 'READ_ERROR', path: this.path, cause };
    return new TailError(
      `${this.path} cannot be read for now: ${reason}`,
      remedy === undefined ? init : { ...init, remedy },
    );
  }

  #watchError(cause: unknown, terminal = false): TailError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new TailError(`Watching ${this.path} failed: ${reason}`, {
      code: 'WATCH_ERROR',
      path: this.path,
      terminal,
      cause,
    });
  }

  #report(error: TailError): void {
    try {
      this.#given.onError?.(error);
    } catch (cause) {
      // There is no one left to tell but the process.
      process.emitWarning(new Error(`onError of the tail of ${this.path} threw`, { cause }));
    }
  }
}
