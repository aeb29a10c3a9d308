/** Beyond any uptime, and within what a timer can count. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Keeps the process alive, or not, for handles that cannot: chokidar decides that when it is
 * constructed. A timer that never has anything to do.
 */
export class KeepAlive {
  readonly #timer: NodeJS.Timeout = setInterval(() => undefined, LONGEST_MS);

  constructor(referenced: boolean) {
    if (!referenced) this.#timer.unref();
  }

  ref(): void {
    this.#timer.ref();
  }

  unref(): void {
    this.#timer.unref();
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
