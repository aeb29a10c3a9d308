import { BatchContents, type Contents, type QueueBound, type Repaired } from './batch-contents.ts';
import type { Change } from './change.ts';
import type { Clock, Timer } from './clock.ts';
import { RenameHalves } from './rename-halves.ts';
import type { Pending } from './rename-pairing.ts';

/**
 * How long a removal or a creation waits for its other half where renames are paired and nothing else
 * is waited for, in milliseconds: both events of a rename, and both stats of one slice of a sweep, are
 * at most a few turns of the event loop apart, and nobody feels it.
 */
export const RENAME_PAIR_MS = 50;

/** How a {@link BatchGate} holds changes back. */
export interface Settling {
  /** Quiet time before a batch goes out, in milliseconds. */
  readonly settleMs: number;
  /** Longest time a change waits for quiet, in milliseconds. */
  readonly maxSettleMs: number;
  /** Whether both halves of a rename should leave together. */
  readonly pair: boolean;
}

/** Where a {@link BatchGate} lets changes out. */
export interface GateExit {
  /** Takes what belongs together. */
  emit(contents: Contents): void;
}

/**
 * Holds changes back until it has been quiet for a while, or they have waited long enough. What goes
 * out is everything that came, so that no change overtakes another.
 */
export class BatchGate {
  readonly #clock: Clock;
  readonly #settling: Settling;
  readonly #exit: GateExit;
  readonly #contents: BatchContents;
  readonly #halves: RenameHalves | null;
  #timer: Timer | null = null;
  #firstAt = 0;
  #lastAt = 0;
  #referenced: boolean;

  constructor(
    clock: Clock,
    settling: Settling,
    bound: QueueBound,
    referenced: boolean,
    exit: GateExit,
  ) {
    this.#clock = clock;
    this.#settling = settling;
    this.#contents = new BatchContents(bound, true);
    this.#halves = settling.pair ? new RenameHalves() : null;
    this.#referenced = referenced;
    this.#exit = exit;
  }

  /** Whether nothing waits. */
  get empty(): boolean {
    return this.#contents.empty;
  }

  /** The changes that wait. */
  get changes(): Iterable<Pending> {
    return this.#contents.changes;
  }

  /** Whether what waits is not known one by one any more. */
  get collapsed(): boolean {
    return this.#contents.collapsed;
  }

  /** Adds a change. */
  add(change: Change): void {
    if (this.#settling.settleMs > 0 || this.#halves !== null) {
      this.#lastAt = this.#clock.now();
      if (this.#contents.empty) this.#firstAt = this.#lastAt;
    }
    const { path } = change;
    const earlier = this.#halves === null ? undefined : this.#contents.find(path);
    this.#contents.add(change);
    if (this.#contents.collapsed) this.#halves?.clear();
    else this.#halves?.exchange(earlier, this.#contents.find(path));
  }

  /** More waits elsewhere than may wait: nothing of what came is known one by one any more. */
  overflow(): void {
    this.#contents.overflow();
    this.#halves?.clear();
  }

  /** Marks what waits as the repair of a loss; one that changed nothing is only told when it must be. */
  repair(repaired: Repaired, always: boolean): void {
    if (always || !this.#contents.empty) this.#contents.repair(repaired);
  }

  /** The changes so far belong together: they go out now, or when it has been quiet. */
  release(): void {
    if (this.#contents.empty) return;
    if (this.#due() <= this.#lastAt) this.flush();
    else if (this.#timer === null) this.#arm();
  }

  /** Lets everything out now. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#contents.empty) return;
    this.#halves?.clear();
    this.#exit.emit(this.#contents.take());
  }

  /** Sets whether the timer keeps the process alive. */
  setReferenced(referenced: boolean): void {
    this.#referenced = referenced;
    if (referenced) this.#timer?.ref();
    else this.#timer?.unref();
  }

  /** Forgets what waits. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#contents.take();
  }

  #due(): number {
    const { settleMs, maxSettleMs } = this.#settling;
    // Half a rename waits from the first change on: others that keep coming do not hold it back for ever.
    const paired = this.#halves?.met === false ? this.#firstAt + RENAME_PAIR_MS : 0;
    if (settleMs === 0) return paired;
    const settled = Math.min(
      this.#lastAt + settleMs,
      this.#firstAt + Math.max(settleMs, maxSettleMs),
    );
    return Math.max(settled, paired);
  }

  /** One timer per batch: a change that comes meanwhile only moves the time it is set for next. */
  #arm(): void {
    this.#timer = this.#clock.setTimeout(
      () => {
        this.#timer = null;
        if (this.#clock.now() < this.#due()) this.#arm();
        else this.flush();
      },
      Math.max(0, this.#due() - this.#clock.now()),
    );
    if (!this.#referenced) this.#timer.unref();
  }
}
