import type { Examiner } from './examiner.ts';

/** One complete look at some part of a scope. */
export interface Pass {
  /** Queues what must be looked at. Called when the pass begins. */
  readonly seed: () => void;
  /** Called once all of it, and all that was found on the way, has been looked at. */
  readonly done: () => void;
}

/** Runs passes one after another. */
export class PassQueue {
  readonly #examiner: Pick<Examiner, 'pass'>;
  readonly #waiting: Pass[] = [];
  #running = false;

  constructor(examiner: Pick<Examiner, 'pass'>) {
    this.#examiner = examiner;
  }

  /** Whether a pass is under way. */
  get running(): boolean {
    return this.#running;
  }

  /** Runs a pass when those before it are complete. */
  run(pass: Pass): void {
    this.#waiting.push(pass);
    if (!this.#running) this.#next();
  }

  /** Runs a pass before those that wait: whoever waits for them waits for it too. */
  runFirst(pass: Pass): void {
    this.#waiting.unshift(pass);
    if (!this.#running) this.#next();
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting.length = 0;
  }

  #next(): void {
    const pass = this.#waiting.shift();
    this.#running = pass !== undefined;
    if (pass === undefined) return;
    this.#examiner.pass(pass.seed, () => {
      this.#running = false;
      pass.done();
      if (!this.#running) this.#next();
    });
  }
}
