import {
  WatchError,
  type AbsPath,
  type LossReason,
  type Sink,
  type Touch,
} from '@watchkeeper/core';
import { BACKEND_NAME, coalesce } from './watch-failure.ts';

/**
 * The only caller of a sink. Everything is held back until the subscription was handed out, and
 * stops for good with `stop`. Calls come from tasks of their own, never from inside the binding.
 */
export class Delivery {
  readonly #sink: Sink;
  #state: 'held' | 'live' | 'stopped' = 'held';
  #sinkThrew = false;
  #flushScheduled = false;
  #heldTouches: Touch[] = [];
  #problems: WatchError[] = [];

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  touch(touches: readonly Touch[]): void {
    if (touches.length === 0) return;
    if (this.#state === 'held') this.#heldTouches.push(...touches);
    else this.#call(() => this.#sink.touched(touches));
  }

  /** Reports a loss. One that happens while the subscription opens concerns nobody: core has not looked yet. */
  lose(under: readonly AbsPath[], why: LossReason): void {
    if (this.#state === 'live') this.#call(() => this.#sink.lost(under, why));
  }

  /** Reports a problem at the end of the turn, together with others of the turn. */
  degrade(problem: WatchError): void {
    if (this.#state === 'stopped') return;
    this.#problems.push(problem);
    if (this.#state === 'live') this.#scheduleFlush();
  }

  /** Passes on the end; nothing follows. */
  end(error: WatchError): void {
    if (this.#state !== 'live') return;
    this.#call(() => this.#sink.ended(error));
    this.stop();
  }

  /** Lets go what was held back while the subscription was opening, in the next turn. */
  release(): void {
    if (this.#state === 'held') this.#scheduleFlush();
  }

  stop(): void {
    this.#state = 'stopped';
    this.#heldTouches = [];
    this.#problems = [];
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    setImmediate(() => {
      this.#flushScheduled = false;
      if (this.#state === 'stopped') return;
      this.#state = 'live';
      this.#flush();
    });
  }

  #flush(): void {
    const touches = this.#heldTouches;
    const problem = coalesce(this.#problems);
    this.#heldTouches = [];
    this.#problems = [];
    this.touch(touches);
    if (problem !== undefined) this.#call(() => this.#sink.degraded(problem));
  }

  #call(deliver: () => void): void {
    // A sink may close the subscription: nothing more may reach it in the same burst.
    if (this.#state !== 'live') return;
    try {
      deliver();
    } catch (cause) {
      // Whatever a listener throws must not stop the delivery; one report is enough to find it.
      if (this.#sinkThrew) return;
      this.#sinkThrew = true;
      this.degrade(
        new WatchError('A sink threw while it was called', {
          code: 'ERR_WATCH_BACKEND_FAILED',
          effect: 'noted',
          backend: BACKEND_NAME,
          remedy: 'handle errors inside the sink',
          cause,
        }),
      );
    }
  }
}
