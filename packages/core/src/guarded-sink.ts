import { backendFailure } from './backend-choice.ts';
import type { LossReason, Sink, Touch } from './backend.ts';
import type { AbsPath } from './entry.ts';
import type { WatchError, WatchErrorEffect } from './errors.ts';

/** Where a {@link GuardedSink} passes evidence on to. */
export type SinkTarget = Omit<Sink, 'ended'>;

/** Who speaks through a {@link GuardedSink}, and about what. */
export interface SinkSource {
  readonly backend: string;
  readonly root: AbsPath;
}

/**
 * Lets evidence through until its subscription is given up or ended, so that a late callback does no
 * harm. What a backend passes as an error is one from here on.
 */
export class GuardedSink implements Sink {
  /** Set once nothing more may pass. */
  retired = false;
  readonly #target: SinkTarget;
  readonly #source: SinkSource;
  readonly #ended: (error: WatchError) => void;

  constructor(target: SinkTarget, source: SinkSource, ended: (error: WatchError) => void) {
    this.#target = target;
    this.#source = source;
    this.#ended = ended;
  }

  touched(touches: readonly Touch[]): void {
    if (!this.retired) this.#target.touched(touches);
  }

  lost(under: readonly AbsPath[], why: LossReason): void {
    if (!this.retired) this.#target.lost(under, why);
  }

  degraded(error: WatchError): void {
    if (!this.retired) this.#target.degraded(this.#failure(error, 'partial'));
  }

  ended(error: WatchError): void {
    if (this.retired) return;
    this.retired = true;
    this.#ended(this.#failure(error, 'closed'));
  }

  #failure(error: unknown, effect: WatchErrorEffect): WatchError {
    return backendFailure(this.#source.backend, [this.#source.root], error, effect);
  }
}
