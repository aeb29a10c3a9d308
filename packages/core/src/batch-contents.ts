import { orderBatch } from './batch-order.ts';
import type { Change, ChangeBatch } from './change.ts';
import { fold } from './coalesce.ts';

/** What a batch tells of repaired losses. */
export type Repaired = NonNullable<ChangeBatch['repaired']>;

/** Changes that wait to be delivered together: at most one per path, so never more than there are paths. */
export class BatchContents {
  readonly #changes = new Map<string, Change>();
  #repaired: Repaired | undefined;

  /** Whether there is nothing to deliver. */
  get empty(): boolean {
    return this.#changes.size === 0 && this.#repaired === undefined;
  }

  /** Adds a change after those that wait. */
  add(change: Change): void {
    fold(this.#changes, change);
  }

  /** Marks the batch as one that repairs a loss. */
  repair(repaired: Repaired): void {
    const earlier = this.#repaired;
    this.#repaired =
      earlier === undefined
        ? repaired
        : {
            under: [...new Set([...earlier.under, ...repaired.under])],
            why: earlier.why,
            unsure: [...new Set([...earlier.unsure, ...repaired.unsure])],
          };
  }

  /** Adds a later batch after those changes that wait. */
  append(batch: Omit<ChangeBatch, 'sequence'>): void {
    for (const change of batch.changes) this.add(change);
    if (batch.repaired !== undefined) this.repair(batch.repaired);
  }

  /** Takes everything out, in the order in which a consumer can apply it. */
  take(): Omit<ChangeBatch, 'sequence'> {
    const changes = orderBatch(this.#changes.values());
    const repaired = this.#repaired;
    this.#changes.clear();
    this.#repaired = undefined;
    return repaired === undefined ? { changes } : { changes, repaired };
  }
}
