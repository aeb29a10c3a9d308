import { WatchError, type Sink, type Touch } from '@watchkeeper/core';
import { BACKEND_NAME, coalesce } from './poll-failure.ts';

/** The only caller of a sink: collects what a slice finds and passes it on in one call. Silent while a subscription opens. */
export class Outlet {
  readonly #sink: Sink;
  #touches: Touch[] = [];
  #problems: WatchError[] = [];
  #muted = true;
  #stopped = false;
  #sinkThrew = false;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  touch(touch: Touch): void {
    // What is there when a subscription opens is not news.
    if (!this.#muted && !this.#stopped) this.#touches.push(touch);
  }

  problem(error: WatchError): void {
    if (!this.#stopped) this.#problems.push(error);
  }

  /** Ends the silence of opening. Problems met so far are passed on by the next flush. */
  unmute(): void {
    this.#muted = false;
  }

  /** Passes on the touches of a slice. */
  flush(): void {
    if (this.#muted || this.#touches.length === 0) return;
    const touches = this.#touches;
    this.#touches = [];
    this.#call(() => this.#sink.touched(touches));
  }

  /** Passes on everything of a sweep, its problems as one. */
  finish(): void {
    this.flush();
    if (this.#muted) return;
    const problem = coalesce(this.#problems);
    this.#problems = [];
    if (problem !== null) this.#call(() => this.#sink.degraded(problem));
  }

  /** Passes on what is pending, then the end; while opening, the opener learns of it instead. */
  end(error: WatchError): void {
    if (this.#muted) return;
    this.finish();
    this.#call(() => this.#sink.ended(error));
    this.stop();
  }

  stop(): void {
    this.#stopped = true;
    this.#touches = [];
    this.#problems = [];
  }

  #call(deliver: () => void): void {
    if (this.#stopped) return;
    try {
      deliver();
    } catch (cause) {
      // Whatever a listener throws must not stop the delivery; one report is enough to find it.
      if (this.#sinkThrew) return;
      this.#sinkThrew = true;
      this.#problems.push(
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
