import type { Clock, Timer } from './clock.ts';

/** One wait at a time, which can be cut short. */
export class Pause {
  readonly #clock: Clock;
  #timer: Timer | null = null;
  #resolve: ((whole: boolean) => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits; resolves to whether the whole time passed. `referenced` says whether the wait keeps the process alive. */
  async wait(ms: number, referenced: boolean): Promise<boolean> {
    this.end();
    return new Promise<boolean>((resolve) => {
      this.#resolve = resolve;
      this.#timer = this.#clock.setTimeout(() => {
        this.#timer = null;
        this.#resolve = null;
        resolve(true);
      }, ms);
      if (!referenced) this.#timer.unref();
    });
  }

  /** Sets whether the present wait keeps the process alive. */
  refer(referenced: boolean): void {
    if (referenced) this.#timer?.ref();
    else this.#timer?.unref();
  }

  /** Cuts the present wait short. */
  end(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const resolve = this.#resolve;
    this.#resolve = null;
    resolve?.(false);
  }
}
