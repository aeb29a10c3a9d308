import type { LossReason, Sink, Touch } from '../backend.ts';
import type { AbsPath } from '../entry.ts';
import type { WatchError } from '../errors.ts';
import type { BackendErrors } from './backend-errors.ts';

/** How far each reach goes, to merge touches of one path. */
const REACH = { entry: 0, children: 1, tree: 2 } as const;

/**
 * The only caller of a sink, so that the contract of `Sink` holds whatever the backend does:
 * nothing from inside `open` or `close`, no call inside another, nothing after the end, a loss after
 * what came before it, one `degraded` per turn, and a sink that throws is reported once and goes on
 * being served.
 *
 * The first touches of a turn are passed on at once, for latency; those that follow in the same turn
 * are merged by path and leave together at its end, so that a burst is one call.
 *
 * @example
 * ```ts
 * const delivery = new Delivery(sink, new BackendErrors('mine'));
 * const handle = fs.watch(root, (_, name) => {
 *   delivery.touch({ path: join(root, name) as AbsPath, reach: 'entry' });
 * });
 * delivery.release(); // last in `open`
 * return { ref() {}, unref() {}, close: async () => (delivery.stop(), handle.close()) };
 * ```
 */
export class Delivery {
  readonly #sink: Sink;
  readonly #errors: BackendErrors;
  #state: 'held' | 'live' | 'ending' | 'stopped' = 'held';
  #turnScheduled = false;
  #calling = false;
  #sinkThrew = false;
  readonly #touches = new Map<AbsPath, Touch>();
  readonly #problems: WatchError[] = [];
  readonly #deferred: (() => void)[] = [];

  /** Makes the delivery of one subscription; it holds everything back until it is released. */
  constructor(sink: Sink, errors: BackendErrors) {
    this.#sink = sink;
    this.#errors = errors;
  }

  /** Passes on one touch: now when it is the first of this turn, else at the end of the turn. */
  touch(touch: Touch): void {
    if (this.#turnScheduled || this.#calling || this.#state !== 'live') this.#keep(touch);
    else this.#passNow([touch]);
  }

  /** Passes on touches that were found together, as one call when they are the first of this turn. */
  touchAll(touches: readonly Touch[]): void {
    if (touches.length === 0) return;
    if (!this.#turnScheduled && !this.#calling && this.#state === 'live') this.#passNow(touches);
    else for (const touch of touches) this.#keep(touch);
  }

  /** Reports a loss, after the touches that came before it. One before the release concerns nobody: core has not looked yet. */
  lose(under: readonly AbsPath[], why: LossReason): void {
    if (this.#state !== 'live') return;
    this.flushTouches();
    this.#call(() => this.#sink.lost(under, why));
  }

  /** Reports a place that is not covered, at the end of the turn and together with others of the turn. */
  degrade(problem: WatchError): void {
    if (this.#state !== 'held' && this.#state !== 'live') return;
    this.#problems.push(problem);
    if (this.#state === 'live') this.#scheduleTurn();
  }

  /** Passes on what is pending, then the end; nothing follows. Before the release `open` rejects instead. */
  end(error: WatchError): void {
    if (this.#state !== 'live') return;
    this.flush();
    if (this.#isStopped) return;
    this.#state = 'ending';
    this.#call(() => {
      this.stop();
      this.#sink.ended(error);
    });
  }

  /** Lets go, in the next turn, what was held back while the subscription was opening. The last thing `open` does. */
  release(): void {
    if (this.#state !== 'held') return;
    this.#state = 'live';
    this.#scheduleTurn();
  }

  /** Passes on everything that waits for the end of the turn, as before a barrier resolves. */
  flush(): void {
    this.flushTouches();
    if (this.#state !== 'live') return;
    const problem = this.#errors.coalesce(this.#problems);
    this.#problems.length = 0;
    if (problem !== undefined) this.#call(() => this.#sink.degraded(problem));
  }

  /** Passes on the touches that wait for the end of the turn. */
  flushTouches(): void {
    if (this.#state !== 'live' || this.#touches.size === 0) return;
    const touches = [...this.#touches.values()];
    this.#touches.clear();
    this.#call(() => this.#sink.touched(touches));
  }

  /** Ends all delivery at once, also of what is pending. The first thing `close` does. */
  stop(): void {
    this.#state = 'stopped';
    this.#touches.clear();
    this.#problems.length = 0;
    this.#deferred.length = 0;
  }

  get #isStopped(): boolean {
    return this.#state === 'stopped';
  }

  /** The most frequent call by far, and the one whose time is felt: no closure, nothing before it. */
  #passNow(touches: readonly Touch[]): void {
    this.#calling = true;
    try {
      this.#sink.touched(touches);
    } catch (cause) {
      this.#threw(cause);
    }
    this.#callDeferred();
    // After the call, which waits for nothing; what is touched during it is kept all the same.
    this.#scheduleTurn();
  }

  #keep(touch: Touch): void {
    if (this.#state !== 'held' && this.#state !== 'live') return;
    const pending = this.#touches.get(touch.path);
    const wider = pending !== undefined && REACH[pending.reach] > REACH[touch.reach];
    this.#touches.set(touch.path, wider ? { ...touch, reach: pending.reach } : touch);
    if (this.#state === 'live') this.#scheduleTurn();
  }

  #scheduleTurn(): void {
    if (this.#turnScheduled) return;
    this.#turnScheduled = true;
    setImmediate(() => {
      this.#turnScheduled = false;
      this.flush();
    });
  }

  /** Calls the sink, or, when asked for from inside a call, right after that call. */
  #call(deliver: () => void): void {
    // A sink may close the subscription: nothing more may reach it in the same burst.
    if (this.#isStopped) return;
    if (this.#calling) {
      this.#deferred.push(deliver);
      return;
    }
    this.#calling = true;
    this.#attempt(deliver);
    this.#callDeferred();
  }

  #callDeferred(): void {
    for (let next = this.#deferred.shift(); next !== undefined; next = this.#deferred.shift()) {
      this.#attempt(next);
    }
    this.#calling = false;
  }

  #attempt(deliver: () => void): void {
    try {
      deliver();
    } catch (cause) {
      this.#threw(cause);
    }
  }

  /** Whatever a listener throws must not stop the delivery; one report is enough to find it. */
  #threw(cause: unknown): void {
    if (this.#sinkThrew) return;
    this.#sinkThrew = true;
    this.degrade(this.#errors.sinkThrew(cause));
  }
}
