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

/** What a backend said before anybody could make use of it. */
type Held = (target: SinkTarget) => void;

/**
 * Lets evidence through from the moment its subscription is relied on until it is given up or ended,
 * so that neither an early nor a late callback does harm. What a backend passes as an error is one
 * from here on.
 */
export class GuardedSink implements Sink {
  /** Set once nothing more may pass. */
  retired = false;
  readonly #target: SinkTarget;
  readonly #source: SinkSource;
  readonly #ended: (error: WatchError) => void;
  /** What waits to be let through, in order; `null` once it was. */
  #held: Held[] | null = [];
  #early: WatchError | null = null;

  constructor(target: SinkTarget, source: SinkSource, ended: (error: WatchError) => void) {
    this.#target = target;
    this.#source = source;
    this.#ended = ended;
  }

  /** Why the subscription ended before it was relied on; `null` when it did not. */
  get early(): WatchError | null {
    return this.#early;
  }

  /** Lets through what came so far, and from now on everything at once. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const pass of held) if (!this.retired) pass(this.#target);
    if (this.#early !== null) this.#ended(this.#early);
  }

  touched(touches: readonly Touch[]): void {
    if (this.retired) return;
    if (this.#held === null) this.#target.touched(touches);
    // A stat may be older than what core reads meanwhile: core looks itself.
    else this.#held.push((target) => target.touched(touches.map(withoutStat)));
  }

  lost(under: readonly AbsPath[], why: LossReason): void {
    this.#pass((target) => target.lost(under, why));
  }

  degraded(error: WatchError): void {
    this.#pass((target) => target.degraded(this.#failure(error, 'partial')));
  }

  ended(error: WatchError): void {
    if (this.retired) return;
    this.retired = true;
    const failure = this.#failure(error, 'closed');
    if (this.#held === null) this.#ended(failure);
    else this.#early = failure;
  }

  #pass(act: Held): void {
    if (this.retired) return;
    if (this.#held === null) act(this.#target);
    else this.#held.push(act);
  }

  #failure(error: unknown, effect: WatchErrorEffect): WatchError {
    return backendFailure(this.#source.backend, [this.#source.root], error, effect);
  }
}

function withoutStat({ path, reach }: Touch): Touch {
  return { path, reach };
}
