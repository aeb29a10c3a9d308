/** Items that are worked on a few at a time, and each by one worker at a time. */
export class WorkQueue<Item> {
  readonly #limit: number;
  readonly #work: (item: Item) => Promise<void>;
  readonly #onIdle: () => void;
  readonly #waiting = new Set<Item>();
  readonly #running = new Set<Item>();
  #isScheduled = false;
  #isClosed = false;
  #whenIdle: PromiseWithResolvers<void> | null = null;

  /** `work` must not reject; `onIdle` is called each time the last item is done. */
  constructor(limit: number, work: (item: Item) => Promise<void>, onIdle: () => void) {
    this.#limit = limit;
    this.#work = work;
    this.#onIdle = onIdle;
  }

  /** Adds an item unless it waits already. One that is being worked on is worked on again afterwards. */
  add(item: Item): void {
    if (this.#isClosed) return;
    this.#waiting.add(item);
    this.#schedule();
  }

  /** Resolves when nothing waits and nothing is worked on; items added meanwhile count. */
  whenIdle(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    this.#whenIdle ??= Promise.withResolvers();
    return this.#whenIdle.promise;
  }

  /** Forgets what waits; resolves when what is being worked on is done. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.clear();
    return this.whenIdle();
  }

  get #isIdle(): boolean {
    return this.#waiting.size === 0 && this.#running.size === 0;
  }

  /** Never from inside `add`: whoever adds is in the middle of an event that others hear, too. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#start();
    });
  }

  #start(): void {
    for (const item of this.#waiting) {
      if (this.#running.size >= this.#limit) break;
      if (this.#running.has(item)) continue;
      this.#waiting.delete(item);
      this.#running.add(item);
      void this.#run(item);
    }
    if (this.#isIdle) this.#settle();
  }

  async #run(item: Item): Promise<void> {
    await this.#work(item);
    this.#running.delete(item);
    this.#start();
  }

  #settle(): void {
    if (!this.#isClosed) this.#onIdle();
    const waiter = this.#whenIdle;
    this.#whenIdle = null;
    waiter?.resolve();
  }
}
