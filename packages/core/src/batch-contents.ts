import { orderBatch } from './batch-order.ts';
import type { Change, ChangeBatch } from './change.ts';
import { fold } from './coalesce.ts';
import { pairRenames, type Pending } from './rename-pairing.ts';

/** What a batch tells of repaired losses. */
export type Repaired = NonNullable<ChangeBatch['repaired']>;

/** A batch before it is numbered for its consumer. */
export type Batch = Omit<ChangeBatch, 'sequence'>;

/** Changes on their way to a consumer: at most one per path, renames as their two halves. */
export interface Contents {
  readonly changes: readonly Pending[];
  readonly repaired?: Repaired;
  /** Whether there were more than may wait, so that only `repaired` is left of them. */
  readonly collapsed?: true;
}

/** How many changes may wait, and what is told instead when there are more. */
export interface QueueBound {
  /** Most distinct paths that wait. */
  readonly maxQueuedPaths: number;
  /** What the batch says that stands for all of them. */
  readonly overflow: Repaired;
  /** Called once each time the bound is passed. */
  overflowed(): void;
}

/**
 * Changes that wait to be delivered together: at most one per path, so never more than there are
 * paths, and never more than the bound. Past the bound they collapse into one repair, which stands
 * for every change until it is taken.
 */
export class BatchContents {
  readonly #bound: QueueBound;
  readonly #changes = new Map<string, Pending>();
  #repaired: Repaired | undefined;
  readonly #passing: boolean;
  #collapsed = false;
  /** How many came that were found at the start: they are no more than what is watched. */
  #atStart = 0;

  /** `passing`: what is found at the start is handed on at once, and does not count. */
  constructor(bound: QueueBound, passing = false) {
    this.#bound = bound;
    this.#passing = passing;
  }

  /** Whether there is nothing to deliver. */
  get empty(): boolean {
    return this.#changes.size === 0 && this.#repaired === undefined;
  }

  /** Whether what waits is not known one by one any more. */
  get collapsed(): boolean {
    return this.#collapsed;
  }

  /** The changes that wait. */
  get changes(): Iterable<Pending> {
    return this.#changes.values();
  }

  /** The change that waits for a path. */
  find(path: string): Pending | undefined {
    return this.#changes.get(path);
  }

  /** Adds a change after those that wait. */
  add(change: Change): void {
    if (this.#collapsed) return;
    fold(this.#changes, change);
    const atStart = change.origin === 'initial' || change.origin === 'resume';
    if (atStart && this.#passing) this.#atStart++;
    if (this.#changes.size > this.#bound.maxQueuedPaths + this.#atStart) this.overflow();
  }

  /** More came than may wait: forgets what waits, and says so. */
  overflow(): void {
    this.#collapse();
    this.#bound.overflowed();
  }

  /** Marks the batch as one that repairs a loss. */
  repair(repaired: Repaired): void {
    if (this.#collapsed) return;
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

  /** Adds later contents after those changes that wait. */
  append({ changes, repaired, collapsed }: Contents): void {
    if (collapsed === true) this.#collapse();
    for (const change of changes) this.add(change);
    if (repaired !== undefined) this.repair(repaired);
  }

  /** Takes everything out, in the order in which it came. */
  take(): Contents {
    const changes = [...this.#changes.values()];
    const repaired = this.#repaired;
    const collapsed = this.#collapsed;
    this.#changes.clear();
    this.#atStart = 0;
    if (repaired === undefined && !collapsed) return { changes };
    this.#repaired = undefined;
    this.#collapsed = false;
    return {
      changes,
      ...(repaired === undefined ? {} : { repaired }),
      ...(collapsed ? { collapsed } : {}),
    };
  }

  #collapse(): void {
    this.#changes.clear();
    this.#atStart = 0;
    this.#collapsed = true;
    this.#repaired = this.#bound.overflow;
  }
}

function withoutNotes(change: Pending): Change {
  if (change.returned === undefined) return change;
  const { returned: _, ...told } = change;
  return told;
}

/**
 * The batch a consumer gets: in the order in which it can be applied, and renames in one piece where
 * they were asked for; `null` when nothing is left to tell.
 */
export function toBatch(contents: Contents, pair: boolean): Batch | null {
  const { changes, repaired } = contents;
  // One change, the usual case, is in order.
  if (changes.length === 1 && repaired === undefined && changes[0]?.returned === undefined) {
    return contents;
  }
  const ordered = orderBatch((pair ? pairRenames(changes) : changes).map(withoutNotes));
  if (repaired !== undefined) return { changes: ordered, repaired };
  return ordered.length === 0 ? null : { changes: ordered };
}
