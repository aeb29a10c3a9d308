import {
  PathWatcher,
  WatchError,
  type Capabilities,
  type EntryStat,
  type Watch,
  type WatchEvents,
  type WatchOptions,
  type WatchState,
} from '@watchkeeper/core';
import { createManualBackend } from '@watchkeeper/core/testing';

/** A watch whose signals a test gives. */
export class SignalledWatch implements Watch {
  readonly path: string;
  readonly options: WatchOptions;
  readonly ready: Promise<void>;
  state: WatchState = 'opening';
  readonly backend: Watch['backend'];
  closes = 0;
  readonly #opened = Promise.withResolvers<void>();
  readonly covered: Watch['covered'] = { directories: 1, uncovered: [] };
  readonly #listeners = new Map<string, Set<(...args: never[]) => void>>();
  #sequence = 0;

  constructor(
    path: string,
    options: WatchOptions,
    openFileAppends: Capabilities['openFileAppends'],
  ) {
    this.path = path;
    this.options = options;
    this.ready = this.#opened.promise;
    this.ready.catch(() => undefined);
    const place = {} as Parameters<ReturnType<typeof createManualBackend>['capabilities']>[0];
    const capabilities = { ...createManualBackend().capabilities(place), openFileAppends };
    this.backend = { name: 'signals', capabilities, fellBackFrom: [] };
  }

  /** Lets the watch become live. */
  open(): void {
    this.state = 'live';
    this.#opened.resolve();
  }

  /** Lets the watch fail before it became live. */
  reject(error: WatchError): void {
    this.state = 'closed';
    this.#opened.reject(error);
  }

  /** Ends the watch with an error after it was live. */
  fail(error: WatchError): void {
    this.state = 'closed';
    this.#tell('state', 'closed', error);
  }

  /** Reports a problem. */
  problem(error: WatchError): void {
    this.#tell('problem', error);
  }

  /** Tells of a change; `after` is what stands at the path now. */
  change(after: EntryStat | null): void {
    this.#sequence += 1;
    this.#tell('batch', {
      sequence: this.#sequence,
      changes: [{ kind: 'modify', path: this.path, before: null, after, origin: 'event' }],
    });
  }

  on<E extends keyof WatchEvents>(event: E, listener: WatchEvents[E]): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  async flush(): Promise<void> {
    await this.ready;
  }

  async rescan(): Promise<void> {
    await this.flush();
  }

  async cursor(): Promise<Uint8Array> {
    return new Uint8Array();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  async close(): Promise<void> {
    this.closes += 1;
    this.state = 'closed';
    this.#opened.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<never> {
    // Tails listen with on(): nothing is iterated.
  }

  #tell(event: keyof WatchEvents, ...args: readonly unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...(args as never[]));
  }
}

/** A watcher that knows nothing by itself: a test gives every signal. */
export class SignalWatcher extends PathWatcher {
  readonly watches: SignalledWatch[] = [];
  /** Whether new watches become live by themselves. */
  opens = true;
  /** Thrown by the next `watch`. */
  refuses: WatchError | null = null;
  appends: Capabilities['openFileAppends'] = 'prompt';

  constructor() {
    super({ backends: [createManualBackend()] });
  }

  override watch(path: string, options: WatchOptions = {}): Watch {
    if (this.refuses !== null) throw this.refuses;
    const watch = new SignalledWatch(path, options, this.appends);
    this.watches.push(watch);
    if (this.opens) watch.open();
    return watch;
  }

  /** The latest watch. */
  get latest(): SignalledWatch {
    const watch = this.watches.at(-1);
    if (watch === undefined) throw new Error('nothing is watched yet');
    return watch;
  }
}

/** An error as a watcher gives it. */
export function watchError(code: WatchError['code'], message = 'made by a test'): WatchError {
  return new WatchError(message, { code, backend: 'signals' });
}
