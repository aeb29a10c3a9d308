import type {
  AbsPath,
  LossReason,
  OpenRequest,
  Sink,
  Subscription,
  Timer,
  Touch,
  WatchError,
} from '@watchkeeper/core';
import {
  BackendErrors,
  Delivery,
  readRoot,
  RootGuard,
  turn,
  withSafeIgnores,
} from '@watchkeeper/core/backend-kit';
import type { Faults } from './faults.ts';
import { differences, scanScope, type Snapshot } from './scan.ts';

/** Time between two looks of its own, in milliseconds: short, so that tests that wait for one are quick. */
export const LOOK_INTERVAL_MS = 20;

/** The name this backend gives itself in errors. */
export const BACKEND_NAME = 'fault';

const errors = new BackendErrors(BACKEND_NAME);

/** One open request: a table of what is there, compared with a fresh scan at each look. */
export class FaultSubscription implements Subscription {
  readonly request: OpenRequest;
  readonly #faults: Faults;
  readonly #sink: Sink;
  readonly #delivery: Delivery;
  readonly #guard: RootGuard | null;
  readonly #onAbort = (): void => void this.close();
  #known: Snapshot = new Map();
  #kept: readonly Touch[] = [];
  readonly #noted = new Set<AbsPath>();
  #timer: Timer | null = null;
  #persistent: boolean;
  #closing: Promise<void> | null = null;

  constructor(given: OpenRequest, sink: Sink, faults: Faults) {
    this.#faults = faults;
    this.#sink = sink;
    this.#persistent = given.persistent;
    this.#delivery = new Delivery(faults.fragile ? this.#fragile(sink) : sink, errors);
    this.request = withSafeIgnores(given, errors, (error) => this.#delivery.degrade(error));
    const { root, signal } = given;
    if (signal.aborted && !faults.ignoreAbort) throw errors.aborted(root, signal.reason);
    this.#guard = faults.acceptAnything
      ? null
      : new RootGuard(root, readRoot(root, errors), errors, (error) => this.end(error));
  }

  /** Learns what is there; every later difference is told. */
  async start(): Promise<void> {
    if (this.#faults.talkInOpen) this.#sink.touched([{ path: this.request.root, reach: 'entry' }]);
    if (!this.#faults.ignoreAbort) {
      this.request.signal.addEventListener('abort', this.#onAbort, { once: true });
    }
    const scan = scanScope(this.request, this.#faults);
    this.#known = scan.entries;
    for (const [path, error] of scan.unreadable) this.#note(path, error);
    await turn();
    const { root, signal } = this.request;
    if (signal.aborted && !this.#faults.ignoreAbort) throw errors.aborted(root, signal.reason);
    this.#schedule();
    this.#delivery.release();
  }

  /** Whether nothing more is told. */
  get closed(): boolean {
    return this.#closing !== null;
  }

  async barrier(): Promise<void> {
    const { root } = this.request;
    if (this.#faults.throw !== null) throw this.#faults.throw;
    if (this.closed) throw errors.closed(root);
    if (this.#faults.idleBarrier) return;
    this.look();
    this.#delivery.flush();
  }

  /** Compares what is there with what is known, and tells of the differences. */
  look(): void {
    if (this.closed) return;
    if (!this.#faults.keepRoot && this.#guard?.check() === false) return;
    const scan = scanScope(this.request, this.#faults);
    const differing = differences(this.#known, scan);
    for (const [path, error] of scan.unreadable) this.#note(path, error);
    for (const path of this.#noted) if (!scan.unreadable.has(path)) this.#noted.delete(path);
    const hidden = new Map([...this.#known].filter(([path]) => !differing.includes(path)));
    this.#known = new Map([...hidden, ...scan.entries]);
    this.#delivery.touchAll(this.#spoil(differing));
  }

  lose(why: LossReason, under: AbsPath): void {
    this.#delivery.lose([under], why);
  }

  degrade(error: WatchError): void {
    this.#delivery.degrade(error);
  }

  end(error: WatchError): void {
    if (error.code === 'ERR_WATCH_ROOT_GONE') {
      this.#delivery.touch({ path: this.request.root, reach: 'tree', hint: 'removed' });
    }
    this.#delivery.end(error);
    void this.close();
  }

  ref(): void {
    this.#persistent = true;
    this.#timer?.ref();
  }

  unref(): void {
    this.#persistent = false;
    this.#timer?.unref();
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#faults.forgetClose ? this.#closing.then(() => undefined) : this.#closing;
  }

  async #shutDown(): Promise<void> {
    if (this.#faults.talkAfterClose) {
      this.#sink.touched([{ path: this.request.root, reach: 'entry' }]);
    }
    this.#delivery.stop();
    this.#guard?.stop();
    if (!this.#faults.leakTimer) this.#timer?.cancel();
    this.request.signal.removeEventListener('abort', this.#onAbort);
  }

  #schedule(): void {
    if (this.closed) return;
    this.#timer = this.request.clock.setTimeout(() => {
      if (!this.#faults.sleep) this.look();
      this.#schedule();
    }, LOOK_INTERVAL_MS);
    if (!this.#persistent) this.#timer.unref();
  }

  #spoil(paths: readonly AbsPath[]): readonly Touch[] {
    const { lose, lie, duplicate, reorder, delay } = this.#faults;
    let touches: readonly Touch[] = paths
      .map((path): Touch => ({ path, reach: 'entry', ...(lie ? { stat: null } : {}) }))
      .filter((touch) => lose?.(touch, this.request) !== true);
    if (duplicate && touches.length > 0) {
      const spurious = [...this.#known.keys()].slice(0, 1).map((path) => touchOf(path));
      touches = [...touches, ...spurious, ...touches];
    }
    if (reorder) touches = touches.toReversed();
    if (!delay) return touches;
    const kept = this.#kept;
    this.#kept = touches;
    return kept;
  }

  #note(path: AbsPath, error: Error): void {
    if (this.#noted.has(path)) return;
    this.#noted.add(path);
    this.#delivery.degrade(errors.reading(error, path));
  }

  #fragile(sink: Sink): Sink {
    return {
      touched: (touches) => {
        try {
          sink.touched(touches);
        } catch {
          // The fault: whoever throws is served no longer, and nobody is told.
          void this.close();
        }
      },
      lost: (under, why) => sink.lost(under, why),
      degraded: (error) => sink.degraded(error),
      ended: (error) => sink.ended(error),
    };
  }
}

function touchOf(path: AbsPath): Touch {
  return { path, reach: 'entry' };
}
