import type { ScopeState } from './scope-listener.ts';
import { Waiters } from './waiters.ts';

/** Where a scope stands, and the waiting for it to stand still. */
export class ScopeStage {
  #state: ScopeState = 'opening';
  readonly #waiters = new Waiters();

  /** Where it stands. */
  get state(): ScopeState {
    return this.#state;
  }

  /** Whether it ended, for whatever reason. */
  get over(): boolean {
    return this.#state === 'gone' || this.#state === 'failed' || this.#state === 'closed';
  }

  /** Moves on, never away from an end; says whether it moved. */
  move(next: ScopeState): boolean {
    if (this.over || next === this.#state) return false;
    this.#state = next;
    this.#waiters.wake();
    return true;
  }

  /** Resolves when the scope is live, or over. */
  async settled(): Promise<void> {
    while (this.#state === 'opening' || this.#state === 'recovering') {
      await this.#waiters.next();
    }
  }
}
