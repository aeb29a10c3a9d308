import type { Clock, OpenRequest } from '@watchkeeper/core';
import { turn } from '@watchkeeper/core/backend-kit';
import type { CpuMeter } from './cpu-meter.ts';
import type { DiskReader, Look } from './disk-reader.ts';
import { AsyncLookCost, SyncLookCost, type LookCost } from './look-cost.ts';
import { READS_PER_DEVICE, type ReadGate } from './read-gate.ts';
import { ReadLane } from './read-lane.ts';
import type { Sweep } from './sweep.ts';

/** What reading takes. */
export interface AccessTools {
  readonly reader: DiskReader;
  readonly cpu: CpuMeter;
  readonly gate: ReadGate;
  readonly sliceMs: number;
}

/** How the reads of one subscription are made. */
export interface Access {
  /** Whether this kernel answers at once, and nobody else moves what is there. */
  readonly isLocal: boolean;
  /** Learns what a look of one kind costs here. */
  newCost(): LookCost;
  /** Looks at the root; `undefined` when the access was closed before. */
  lookAtRoot(): Look | Promise<Look | undefined>;
  /** Runs a sweep until it ends or is stopped, calling `onProgress` now and then; resolves to the CPU time it took, in milliseconds. */
  run(sweep: Sweep, onProgress: () => void): Promise<number>;
  /** Makes no further reads; those under way go on. */
  close(): void;
}

/** Chooses the access for the place of a request. */
export function accessTo(request: OpenRequest, tools: AccessTools): Access {
  return request.place.shared === false
    ? new LocalAccess(request.root, request.clock, tools)
    : new RemoteAccess(request.root, request.clock, tools);
}

/** Reads at once, in slices: a fifth of the CPU time of asynchronous reads. */
class LocalAccess implements Access {
  readonly isLocal = true;
  readonly #root: string;
  readonly #clock: Clock;
  readonly #tools: AccessTools;

  constructor(root: string, clock: Clock, tools: AccessTools) {
    this.#root = root;
    this.#clock = clock;
    this.#tools = tools;
  }

  newCost(): LookCost {
    return new SyncLookCost();
  }

  lookAtRoot(): Look {
    return this.#tools.reader.lookSync(this.#root);
  }

  async run(sweep: Sweep, onProgress: () => void): Promise<number> {
    const { cpu, sliceMs } = this.#tools;
    let cpuMs = 0;
    for (let done = false; !done;) {
      const [cpuBefore, startedAt] = [cpu(), this.#clock.now()];
      done = sweep.runSlice(sliceMs);
      // Other threads add to the one, other processes to the other: the truth is below both.
      cpuMs += Math.min(cpu() - cpuBefore, this.#clock.now() - startedAt);
      onProgress();
      if (!done) await turn();
    }
    return cpuMs;
  }

  close(): void {
    // A slice has ended whenever somebody can call this, and the sweep is stopped by its owner.
  }
}

/** Reads a few names at a time in the background, because a server may take long or never answer. */
class RemoteAccess implements Access {
  readonly isLocal = false;
  readonly #root: string;
  readonly #tools: AccessTools;
  readonly #lane: ReadLane;

  constructor(root: string, clock: Clock, tools: AccessTools) {
    this.#root = root;
    this.#tools = tools;
    // Until an answer has told its device, a root is one of its own.
    this.#lane = new ReadLane(tools.gate, root, clock);
  }

  newCost(): LookCost {
    return new AsyncLookCost();
  }

  async lookAtRoot(): Promise<Look | undefined> {
    const look = await this.#lane.run(() => this.#tools.reader.look(this.#root));
    if (look?.kind === 'found') this.#lane.moveTo(`device ${look.stats.dev}`);
    return look;
  }

  async run(sweep: Sweep, onProgress: () => void): Promise<number> {
    const { cpu } = this.#tools;
    const before = cpu();
    await sweep.runAsync(this.#lane, READS_PER_DEVICE, onProgress);
    return cpu() - before;
  }

  close(): void {
    this.#lane.close();
  }
}
