import type { Clock } from '@watchkeeper/core';
import { CostLedger } from './cost-ledger.ts';
import type { CpuMeter } from './cpu-meter.ts';
import type { DiskReader } from './disk-reader.ts';
import { SyncLookCost } from './look-cost.ts';
import type { ResolvedPollOptions } from './options.ts';
import type { Purse } from './pacer.ts';
import { RaisedLevel } from './raised-level.ts';
import { ReadGate, readsAtOnce } from './read-gate.ts';
import { Roster } from './roster.ts';
import { SliceQueue } from './slice-queue.ts';
import { SweepPrices } from './sweep-prices.ts';

/** Who calls and who sweeps, by one clock. */
export interface Shift {
  readonly roster: Roster;
  readonly slices: SliceQueue;
}

/** What all subscriptions of a backend share. */
export class PollWorks {
  readonly options: ResolvedPollOptions;
  readonly reader: DiskReader;
  readonly cpu: CpuMeter;
  readonly gate: ReadGate = new ReadGate(readsAtOnce(process.env['UV_THREADPOOL_SIZE']));
  readonly purse: Purse = { ledger: new CostLedger(), overdraft: new RaisedLevel() };
  /** What synchronous looks cost. */
  readonly prices: SweepPrices = new SweepPrices(() => new SyncLookCost());
  readonly #shifts = new WeakMap<Clock, Shift>();

  constructor(options: ResolvedPollOptions, reader: DiskReader, cpu: CpuMeter) {
    this.options = options;
    this.reader = reader;
    this.cpu = cpu;
  }

  /** The shift of a clock: times of two clocks cannot be compared. */
  shiftBy(clock: Clock): Shift {
    const known = this.#shifts.get(clock);
    if (known !== undefined) return known;
    const { reader, cpu, prices, options } = this;
    const slices = new SliceQueue(clock, { reader, cpu, prices, sliceMs: options.sliceMs });
    const shift = { roster: new Roster(clock), slices };
    this.#shifts.set(clock, shift);
    return shift;
  }
}
