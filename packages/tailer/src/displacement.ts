import type { Clock } from '@watchkeeper/core';

/**
 * After a rotation the old file is kept open until the new one has content, or until it did not grow for this time:
 * its writer commonly goes on for some milliseconds, until it is told to reopen.
 */
export const ROTATE_WAIT_MS = 5000;

/** Whether, and how long, the path leads to another file than the open one, or nowhere. */
export class Displacement {
  readonly #clock: Clock;
  #quietSince: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the path leads elsewhere. */
  get active(): boolean {
    return this.#quietSince !== null;
  }

  /** Whether the open file has not grown for so long that it may be given up. */
  get overdue(): boolean {
    return this.#quietSince !== null && this.#clock.now() - this.#quietSince >= ROTATE_WAIT_MS;
  }

  /** The path was found to lead elsewhere. */
  begin(): void {
    this.#quietSince ??= this.#clock.now();
  }

  /** The open file grew. */
  grew(): void {
    if (this.#quietSince !== null) this.#quietSince = this.#clock.now();
  }

  /** The path leads to the open file, or none is open. */
  end(): void {
    this.#quietSince = null;
  }
}
