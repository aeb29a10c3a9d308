import type { Clock } from './clock.ts';

/** The time over which a rate is averaged, in seconds: long enough for a steady figure, short enough to see a storm. */
export const METER_SECONDS = 10;

/** Counts events per second over the last {@link METER_SECONDS}, without a timer. */
export class EventMeter {
  readonly #clock: Clock;
  readonly #counts = new Float64Array(METER_SECONDS);
  #second = 0;
  #total = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Events counted since the start. */
  get total(): number {
    return this.#total;
  }

  /** Counts some events now. */
  count(events: number): void {
    this.#total += events;
    const slot = this.#advance() % METER_SECONDS;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + events;
  }

  /** The average rate. */
  perSecond(): number {
    this.#advance();
    return this.#counts.reduce((sum, count) => sum + count, 0) / METER_SECONDS;
  }

  #advance(): number {
    const second = Math.floor(this.#clock.now() / 1000);
    const passed = Math.min(second - this.#second, METER_SECONDS);
    for (let step = 0; step < passed; step++) this.#counts[(second - step) % METER_SECONDS] = 0;
    this.#second = second;
    return second;
  }
}
