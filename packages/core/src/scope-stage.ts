import type { ScopeState } from './scope-listener.ts';

/** Where a scope stands, and the waiting for it to stand still. */
export class ScopeStage {
  #state: ScopeState = 'opening';
  #waiters: (() => void)[] = [];

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
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
    return true;
  }

  /** Resolves when the scope is live, or over. */
  async settled(): Promise<void> {
    while (this.#state === 'opening' || this.#state === 'recovering') {
      await new Promise<void>((resolve) => void this.#waiters.push(resolve));
    }
  }
}
