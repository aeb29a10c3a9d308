import type { Clock } from '@watchkeeper/core';
import { turn } from '@watchkeeper/core/backend-kit';
import { NO_COUNTS } from './cadence.ts';
import type { CpuMeter } from './cpu-meter.ts';
import type { DiskReader } from './disk-reader.ts';
import { addCounts, type SweepJob } from './sweep-job.ts';
import type { Sweep } from './sweep.ts';
import type { SweepPrices } from './sweep-prices.ts';

/** What slices are made with. */
export interface SliceTools {
  readonly reader: DiskReader;
  readonly cpu: CpuMeter;
  readonly sliceMs: number;
  /** What looks cost, which is measured a slice at a time. */
  readonly prices: SweepPrices;
}

interface Pass {
  readonly root: string;
  readonly job: SweepJob;
  sweep: Sweep | null;
  state: 'going on' | 'over' | 'failed';
}

/**
 * Runs the synchronous sweeps of all subscriptions, in slices that they share: small sweeps together
 * cost what one large one does, and hold the event loop no longer. A sweep that fills a slice goes to
 * the end of the queue, so that nobody waits for more than one slice of each other.
 */
export class SliceQueue {
  readonly #clock: Clock;
  readonly #tools: SliceTools;
  #waiting: Pass[] = [];
  #isRunning = false;

  constructor(clock: Clock, tools: SliceTools) {
    this.#clock = clock;
    this.#tools = tools;
  }

  /** Runs a sweep, from this turn on, together with all that are added in this turn. */
  add(root: string, job: SweepJob): void {
    this.#waiting.push({ root, job, sweep: null, state: 'going on' });
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // Whatever else is due in this turn shares the first slice.
    await Promise.resolve();
    this.#runSlice();
    while (this.#waiting.length > 0) {
      await turn();
      this.#runSlice();
    }
    this.#isRunning = false;
  }

  #runSlice(): void {
    const { cpu, prices, sliceMs } = this.#tools;
    const [cpuBefore, startedAt] = [cpu(), this.#clock.now()];
    const end = startedAt + sliceMs;
    let [now, reads, isTelling, toldMs] = [startedAt, NO_COUNTS, true, 0];
    const passes = [...this.#waiting];
    const read: Pass[] = [];
    for (const pass of passes) {
      if (now >= end) break;
      this.#read(pass, now, end);
      read.push(pass);
      if (pass.sweep !== null) reads = addCounts(reads, pass.sweep.takeReads());
      isTelling &&= pass.job.isTelling;
      const readAt = this.#clock.now();
      attempt(pass, () => tell(pass));
      now = this.#clock.now();
      toldMs += now - readAt;
    }
    if (isTelling) {
      // Other threads add to the one, other processes to the other: the truth is below both. What others make of it is not looking.
      const cpuMs = Math.min(cpu() - cpuBefore, now - startedAt) - toldMs;
      prices.note(reads, cpuMs, now);
    }
    // Whoever is told may have asked for more meanwhile.
    const unread = this.#waiting.slice(read.length);
    this.#waiting = [...unread, ...read.filter(({ state }) => state === 'going on')];
  }

  /** Goes on with a sweep until `end`. */
  #read(pass: Pass, now: number, end: number): void {
    attempt(pass, () => {
      pass.sweep ??= pass.job.begin(this.#tools.reader.lookSync(pass.root));
      if (pass.sweep === null || pass.sweep.runSlice(now, end)) pass.state = 'over';
    });
  }
}

function tell({ job, state }: Pass): void {
  if (state === 'over') job.end();
  else if (state === 'going on') job.progress();
}

/** Reads never fail by throwing, so what is thrown is a defect: it ends one subscription, not the others. */
function attempt(pass: Pass, step: () => void): void {
  try {
    step();
  } catch (cause) {
    // Told as the end of the subscription.
    pass.state = 'failed';
    pass.job.fail(cause);
  }
}
