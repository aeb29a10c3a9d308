import { BatchContents, type Repaired } from './batch-contents.ts';
import type { Change, ChangeBatch } from './change.ts';
import type { Clock, Timer } from './clock.ts';

/** How long a {@link BatchGate} holds changes back. */
export interface Settling {
  /** Quiet time before a batch goes out, in milliseconds. */
  readonly settleMs: number;
  /** Longest time a change waits for quiet, in milliseconds. */
  readonly maxSettleMs: number;
}

/** Holds changes back until it has been quiet for a while, or they have waited long enough. */
export class BatchGate {
  readonly #clock: Clock;
  readonly #settling: Settling;
  readonly #emit: (batch: Omit<ChangeBatch, 'sequence'>) => void;
  readonly #contents = new BatchContents();
  #timer: Timer | null = null;
  #firstAt = 0;
  #lastAt = 0;
  #referenced: boolean;

  constructor(
    clock: Clock,
    settling: Settling,
    referenced: boolean,
    emit: (batch: Omit<ChangeBatch, 'sequence'>) => void,
  ) {
    this.#clock = clock;
    this.#settling = settling;
    this.#referenced = referenced;
    this.#emit = emit;
  }

  /** Adds a change. */
  add(change: Change): void {
    if (this.#settling.settleMs > 0) {
      this.#lastAt = this.#clock.now();
      if (this.#contents.empty) this.#firstAt = this.#lastAt;
    }
    this.#contents.add(change);
  }

  /** Marks what waits as the repair of a loss; one that changed nothing is only told when it must be. */
  repair(repaired: Repaired, always: boolean): void {
    if (always || !this.#contents.empty) this.#contents.repair(repaired);
  }

  /** The changes so far belong together: they go out now, or when it has been quiet. */
  release(): void {
    if (this.#contents.empty) return;
    if (this.#settling.settleMs === 0) this.flush();
    else if (this.#timer === null) this.#arm();
  }

  /** Lets everything out now. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (!this.#contents.empty) this.#emit(this.#contents.take());
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
    return Math.min(this.#lastAt + settleMs, this.#firstAt + Math.max(settleMs, maxSettleMs));
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
