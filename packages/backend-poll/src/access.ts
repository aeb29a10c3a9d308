import type { Clock, OpenRequest } from '@watchkeeper/core';
import type { CpuMeter } from './cpu-meter.ts';
import type { DiskReader, Look } from './disk-reader.ts';
import { AsyncLookCost } from './look-cost.ts';
import { READS_PER_DEVICE, type ReadGate } from './read-gate.ts';
import { ReadLane } from './read-lane.ts';
import type { SliceQueue } from './slice-queue.ts';
import type { SweepJob } from './sweep-job.ts';
import { SweepPrices } from './sweep-prices.ts';

/** What reading takes. */
export interface AccessTools {
  readonly reader: DiskReader;
  readonly cpu: CpuMeter;
  readonly gate: ReadGate;
  readonly slices: SliceQueue;
  /** What synchronous looks cost. */
  readonly prices: SweepPrices;
}

/** How the reads of one subscription are made. */
export interface Access {
  /** Whether this kernel answers at once, and nobody else moves what is there. */
  readonly isLocal: boolean;
  /** What looks cost here. */
  readonly prices: SweepPrices;
  /** Runs a job until it ends or is given up. */
  start(job: SweepJob): void;
  /** Makes no further reads; those under way go on. */
  close(): void;
}

/** Chooses the access for the place of a request. */
export function accessTo(request: OpenRequest, tools: AccessTools): Access {
  return request.place.shared === false
    ? new LocalAccess(request.root, tools)
    : new RemoteAccess(request.root, request.clock, tools);
}

/** Reads at once, in slices: a fifth of the CPU time of asynchronous reads. */
class LocalAccess implements Access {
  readonly isLocal = true;
  readonly #root: string;
  readonly #tools: AccessTools;

  constructor(root: string, tools: AccessTools) {
    this.#root = root;
    this.#tools = tools;
  }

  get prices(): SweepPrices {
    return this.#tools.prices;
  }

  start(job: SweepJob): void {
    this.#tools.slices.add(this.#root, job);
  }

  close(): void {
    // A slice has ended whenever somebody can call this, and the sweep is stopped by its owner.
  }
}

/** Reads a few names at a time in the background, because a server may take long or never answer. */
class RemoteAccess implements Access {
  readonly isLocal = false;
  readonly prices: SweepPrices = new SweepPrices(() => new AsyncLookCost());
  readonly #root: string;
  readonly #clock: Clock;
  readonly #tools: AccessTools;
  readonly #lane: ReadLane;

  constructor(root: string, clock: Clock, tools: AccessTools) {
    this.#root = root;
    this.#clock = clock;
    this.#tools = tools;
    // Until an answer has told its device, a root is one of its own.
    this.#lane = new ReadLane(tools.gate, root, clock);
  }

  start(job: SweepJob): void {
    // Reads never fail by throwing, so this is a defect.
    this.#run(job).catch((cause: unknown) => job.fail(cause));
  }

  close(): void {
    this.#lane.close();
  }

  async #run(job: SweepJob): Promise<void> {
    const look = await this.#lookAtRoot();
    const sweep = look === undefined ? null : job.begin(look);
    if (sweep !== null) {
      const { cpu } = this.#tools;
      const before = cpu();
      await sweep.runAsync(this.#lane, READS_PER_DEVICE, () => job.progress());
      if (job.isTelling) this.prices.note(sweep.takeReads(), cpu() - before, this.#clock.now());
    }
    job.end();
  }

  async #lookAtRoot(): Promise<Look | undefined> {
    const look = await this.#lane.run(() => this.#tools.reader.look(this.#root));
    if (look?.kind === 'found') this.#lane.moveTo(`device ${look.stats.dev}`);
    return look;
  }
}
