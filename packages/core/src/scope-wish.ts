/** How closely somebody who follows a scope wants it compared with the disk, whatever its backend says. */
export interface ScopeWish {
  /** `auto`: as often as the budget of audits allows. A number: at least this often, in milliseconds. 0: not. */
  readonly auditIntervalMs: number | 'auto';
  /** Whether it is looked at first, and at once, when evidence may have been lost. */
  readonly hot: boolean;
}

/** The wishes of all who follow a scope, taken together. */
export class ScopeWishes {
  readonly #intervals = new Map<number, number>();
  #auto = 0;
  #hot = 0;

  /** The shortest time that was asked for; `Infinity` when none was. */
  get auditIntervalMs(): number {
    return Math.min(...this.#intervals.keys());
  }

  /** Whether somebody leaves it to the budget. */
  get auto(): boolean {
    return this.#auto > 0;
  }

  /** Whether somebody wants to be looked after first. */
  get hot(): boolean {
    return this.#hot > 0;
  }

  /** Counts a wish in or out. */
  count({ auditIntervalMs, hot }: ScopeWish, by: 1 | -1): void {
    if (hot) this.#hot += by;
    if (auditIntervalMs === 'auto') this.#auto += by;
    else if (auditIntervalMs > 0) {
      const left = (this.#intervals.get(auditIntervalMs) ?? 0) + by;
      if (left > 0) this.#intervals.set(auditIntervalMs, left);
      else this.#intervals.delete(auditIntervalMs);
    }
  }
}
