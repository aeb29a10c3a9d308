/** Lets those go on who wait for work that may be cut short; nothing of them is kept once they do. */
export class Ending {
  readonly #waiting = new Set<() => void>();
  #over = false;

  /** Does work that calls back when it is done; resolves then, or at the end. */
  until(work: (done: () => void) => void): Promise<void> {
    return new Promise<void>((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        resolve();
      };
      if (this.#over) {
        resolve();
        return;
      }
      this.#waiting.add(done);
      work(done);
    });
  }

  /** This is the end. */
  end(): void {
    this.#over = true;
    for (const done of this.#waiting) done();
  }
}
