import type { Clock } from '@watchkeeper/core';
import type { Guest, ReadGate } from './read-gate.ts';

/** The reads of one subscription. */
export class ReadLane implements Guest {
  readonly #gate: ReadGate;
  readonly #clock: Clock;
  #device: string;
  #closed = false;

  constructor(gate: ReadGate, device: string, clock: Clock) {
    this.#gate = gate;
    this.#device = device;
    this.#clock = clock;
    gate.join(device);
  }

  get device(): string {
    return this.#device;
  }

  get now(): number {
    return this.#clock.now();
  }

  /** Moves to another device, as when the first answer has told which it is. */
  moveTo(device: string): void {
    if (this.#closed || device === this.#device) return;
    this.#gate.join(device);
    this.#gate.leave(this.#device);
    this.#device = device;
  }

  /** Runs `read` as soon as there is room; `undefined` when the lane was closed before. */
  async run<T>(read: () => Promise<T>): Promise<T | undefined> {
    if (this.#closed || !(await this.#gate.enter(this))) return undefined;
    const device = this.#device;
    try {
      return await read();
    } finally {
      this.#gate.exit(device, this.now);
    }
  }

  /** Turns away what waits; what is under way goes on. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#gate.expel(this);
    this.#gate.leave(this.#device);
  }
}
