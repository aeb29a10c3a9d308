/** CPU time of one synchronous look before any was measured, in milliseconds. */
export const SYNC_LOOK_MS = 0.004;

/** CPU time of one asynchronous look, which cannot be told apart from other work: about five synchronous ones. */
export const ASYNC_LOOK_MS = 0.024;

/** Weight of the newest measurement: a few sweeps even out one that was disturbed. */
export const NEWEST_WEIGHT = 0.2;

/** Learns what one look costs on this disk. */
export class LookCost {
  readonly #measures: boolean;
  #milliseconds: number;

  constructor(synchronous: boolean) {
    this.#measures = synchronous;
    this.#milliseconds = synchronous ? SYNC_LOOK_MS : ASYNC_LOOK_MS;
  }

  get milliseconds(): number {
    return this.#milliseconds;
  }

  /** Takes in that `looks` took `elapsedMs` altogether. */
  note(looks: number, elapsedMs: number): void {
    if (!this.#measures || looks === 0 || elapsedMs <= 0) return;
    this.#milliseconds += NEWEST_WEIGHT * (elapsedMs / looks - this.#milliseconds);
  }
}
