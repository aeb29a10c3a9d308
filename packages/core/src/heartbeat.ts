import type { Clock, Timer } from './clock.ts';

/** Time between two beats, in milliseconds: two wake-ups a second are too few to be seen in any measurement of load. */
export const BEAT_MS = 500;

/** One beat. */
export interface Beat {
  /** Monotonic time since the last beat, in milliseconds. */
  readonly elapsedMs: number;
  /** Time of day since the last beat, in milliseconds: also passes while the machine sleeps. */
  readonly wallElapsedMs: number;
}

/** The one timer of a watcher's care for silent backends; stands still while nobody needs it. Never keeps the process alive. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #beat: (beat: Beat) => void;
  #timer: Timer | null = null;
  #at = 0;
  #wallAt = 0;

  constructor(clock: Clock, beat: (beat: Beat) => void) {
    this.#clock = clock;
    this.#beat = beat;
  }

  /** Starts beating; harmless while it beats. */
  start(): void {
    if (this.#timer !== null) return;
    this.#at = this.#clock.now();
    this.#wallAt = this.#clock.wallNow();
    this.#arm();
  }

  /** Stops beating. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #arm(): void {
    this.#timer = this.#clock.setTimeout(() => {
      const at = this.#clock.now();
      const wallAt = this.#clock.wallNow();
      const beat = { elapsedMs: at - this.#at, wallElapsedMs: wallAt - this.#wallAt };
      this.#at = at;
      this.#wallAt = wallAt;
      this.#arm();
      this.#beat(beat);
    }, BEAT_MS);
    this.#timer.unref();
  }
}
