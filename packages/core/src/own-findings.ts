import type { Clock, Timer } from './clock.ts';
import type { AbsPath } from './entry.ts';

/** What is to be looked at once more. */
export type SecondLook = 'everything' | ReadonlySet<AbsPath>;

/** Added to the longest time between two looks of a backend, in milliseconds: its own look takes time too. */
export const SECOND_LOOK_MARGIN_MS = 1000;

/**
 * What core found by looks of its own while a backend that polls serves the scope. Such a backend
 * compares what it sees with what it saw: what came after one of its looks and went before the next was
 * never there for it, and it will not tell that it went. So what core saw in between is looked at
 * once more, after the backend's next look.
 */
export class OwnFindings {
  readonly #clock: Clock;
  readonly #lookAgain: () => void;
  #paths = new Set<AbsPath>();
  #everything = false;
  #timer: Timer | null = null;
  /** Longest time between two looks of the backend, in milliseconds; `null` when it does not poll. */
  #withinMs: number | null = null;

  constructor(clock: Clock, lookAgain: () => void) {
    this.#clock = clock;
    this.#lookAgain = lookAgain;
  }

  /** Whether the backend in use polls. */
  get needed(): boolean {
    return this.#withinMs !== null;
  }

  /** A backend serves from now on; everything is about to be looked at. `withinMs` is `null` when it does not poll. */
  serve(withinMs: number | null): void {
    this.take();
    this.#withinMs = withinMs;
    if (withinMs === null) return;
    this.#everything = true;
    this.#arm();
  }

  /** Notes a path that core found to differ without being pointed to it. */
  add(path: AbsPath): void {
    this.#paths.add(path);
    this.#arm();
  }

  /** What is to be looked at once more; nothing of it is left here. */
  take(): SecondLook {
    this.#timer?.cancel();
    this.#timer = null;
    const taken = this.#everything ? 'everything' : this.#paths;
    this.#everything = false;
    this.#paths = new Set();
    return taken;
  }

  #arm(): void {
    if (this.#timer !== null || this.#withinMs === null) return;
    const delay = this.#withinMs + SECOND_LOOK_MARGIN_MS;
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null;
      this.#lookAgain();
    }, delay);
    this.#timer.unref();
  }
}
