/** Those who wait for the next of something. */
export class Waiters {
  #waiting: (() => void)[] = [];

  /** Resolves with the next {@link Waiters.wake}. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => void this.#waiting.push(resolve));
  }

  /** Lets everybody go on who waits now. */
  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
