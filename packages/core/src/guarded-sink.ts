import type { LossReason, Sink, Touch } from './backend.ts';
import type { AbsPath } from './entry.ts';
import type { WatchError } from './errors.ts';

/** Where a {@link GuardedSink} passes evidence on to. */
export type SinkTarget = Omit<Sink, 'ended'>;

/** Lets evidence through until its subscription is given up or ended, so that a late callback does no harm. */
export class GuardedSink implements Sink {
  /** Set once nothing more may pass. */
  retired = false;
  readonly #target: SinkTarget;
  readonly #ended: (error: WatchError) => void;

  constructor(target: SinkTarget, ended: (error: WatchError) => void) {
    this.#target = target;
    this.#ended = ended;
  }

  touched(touches: readonly Touch[]): void {
    if (!this.retired) this.#target.touched(touches);
  }

  lost(under: readonly AbsPath[], why: LossReason): void {
    if (!this.retired) this.#target.lost(under, why);
  }

  degraded(error: WatchError): void {
    if (!this.retired) this.#target.degraded(error);
  }

  ended(error: WatchError): void {
    if (this.retired) return;
    this.retired = true;
    this.#ended(error);
  }
}
