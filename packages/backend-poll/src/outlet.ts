import type { AbsPath, Sink, Touch, WatchError } from '@watchkeeper/core';
import { Delivery } from '@watchkeeper/core/backend-kit';
import { errors } from './poll-failure.ts';

/** Collects what a sweep finds, and passes it on in one call per slice. Silent while a subscription opens. */
export class Outlet {
  readonly #delivery: Delivery;
  #touches: Touch[] = [];
  #problems: WatchError[] = [];
  #recovered: AbsPath[] = [];
  #muted = true;

  constructor(sink: Sink) {
    this.#delivery = new Delivery(sink, errors);
  }

  touch(touch: Touch): void {
    // What is there when a subscription opens is not news.
    if (!this.#muted) this.#touches.push(touch);
  }

  problem(error: WatchError): void {
    this.#problems.push(error);
  }

  /** Takes in that what a problem was told of can be read again. */
  recovered(path: AbsPath): void {
    if (!this.#muted) this.#recovered.push(path);
  }

  /** Ends the silence of opening. Problems met so far are told in the next turn. */
  unmute(): void {
    this.#muted = false;
    this.#delivery.release();
  }

  /** Passes on the touches of a slice. */
  flush(): void {
    this.#delivery.touchAll(this.#touches);
    this.#touches = [];
    this.#delivery.flushTouches();
  }

  /** Passes on everything of a sweep, its problems as one. */
  finish(): void {
    this.flush();
    // Core forgets the problem with what it looks at again.
    if (this.#recovered.length > 0) this.#delivery.lose(this.#recovered, 'uncovered');
    this.#recovered = [];
    const problem = errors.coalesce(this.#problems);
    this.#problems = [];
    if (problem !== undefined) this.#delivery.degrade(problem);
    this.#delivery.flush();
  }

  /** Passes on what is pending, then the end; while opening, the opener learns of it instead. */
  end(error: WatchError): void {
    this.finish();
    this.#delivery.end(error);
  }

  stop(): void {
    this.#delivery.stop();
  }
}
