import type { Touch } from './backend.ts';
import type { ChangeOrigin } from './change.ts';
import type { Clock } from './clock.ts';
import type { AbsPath, EntryStat } from './entry.ts';
import { jobOf } from './evidence.ts';
import { JobQueue, type Errand } from './job-queue.ts';
import { answer, type Answer, type Ask, type SlowLane, type Steps } from './look.ts';

/** One path to look at. */
export interface Job {
  /** The path. */
  readonly path: AbsPath;
  /** How far below it to look. */
  readonly reach: Touch['reach'];
  /** How the need to look came about. */
  readonly origin: ChangeOrigin;
  /** A stat that came with the evidence. */
  readonly stat?: EntryStat | null;
}

/** Knows what a look at a path means. */
export interface Examined {
  /** The steps that look at some paths and draw the conclusions. */
  examine(jobs: readonly Job[]): Steps;
  /** The same for one path, where the file system answers at once: the way of a change that must be told soon. */
  examineNow(job: Job): void;
  /** A slice of work is over: what it found may be delivered. */
  rested(): void;
}

/** Longest time the event loop is held by looking, in milliseconds: a few times a timer's own jitter. */
export const SLICE_MS = 4;

/** Paths looked at between two looks at the clock: about 0.2 ms of work on a local disk. */
export const CHUNK = 32;

/** Chunks of touches taken before scans get a turn, so that a storm of touches cannot starve them. */
const CHUNKS_BEFORE_SCANS = 8;

interface Work {
  readonly steps: Steps;
  /** Whether it may be left in the middle: looks that were asked for by touches are drawn conclusions from at once. */
  readonly long: boolean;
  readonly errands: Errand[];
  /** What it wants to know next. */
  ask: Ask | null;
}

const none: readonly Errand[] = [];
const nothing: Answer = [];

/**
 * Works off touched paths and directory scans of one scope: each path once however often it was
 * touched, one step at a time so that results apply in the order in which they were read, in slices
 * so that the event loop is never held long.
 */
export class Examiner {
  readonly #model: Examined;
  readonly #clock: Clock;
  readonly #lane: SlowLane;
  readonly #queue = new JobQueue();
  readonly #scans: Work[] = [];
  #pass: Errand | null = null;
  /** The passes that steps started now belong to. */
  #parents: readonly Errand[] = none;
  #slow = true;
  #busy = false;
  /** Whether a slice is to end although nothing waits. */
  #woken = false;
  #running: Work | null = null;
  #chunksInARow = 0;
  #immediate: NodeJS.Immediate | undefined;
  #closed = false;

  constructor(model: Examined, clock: Clock, lane: SlowLane) {
    this.#model = model;
    this.#clock = clock;
    this.#lane = lane;
  }

  /** Whether looks wait for a server; set before the first one. */
  set slow(slow: boolean) {
    this.#slow = slow;
  }

  /** Queues a path. A path that already waits is looked at once, as far as the farther of both reaches. */
  touch(job: Job): void {
    if (this.#closed) return;
    this.#queue.add(job, this.#parents[0] ?? null);
    this.#schedule();
  }

  /** Notes a look that nothing here asked for: stats that wait may be older than it, and are not believed. */
  looked(): void {
    this.#queue.looked();
  }

  /**
   * Takes what was touched. A single path is looked at in this very call, and what is found is told,
   * where nothing waits, nothing is under way and the place answers at once. One file that grows takes
   * this way with every append: without the queue and the microtask it is told in two thirds of the time.
   */
  take(touches: readonly Touch[], origin: ChangeOrigin): void {
    const only = touches.length === 1 ? touches[0] : undefined;
    if (only === undefined || this.#busy || this.#slow || this.#closed || this.#pass !== null) {
      for (const touch of touches) this.touch(jobOf(touch, origin));
      return;
    }
    this.#busy = true;
    this.#model.examineNow(jobOf(only, origin));
    this.#rest();
  }

  /** Adds steps that go on as long as they need, beside touches. */
  scan(steps: Steps): void {
    if (this.#closed) return;
    const errands = [...this.#parents];
    for (const errand of errands) errand.outstanding++;
    this.#scans.push({ steps, long: true, errands, ask: null });
    this.#schedule();
  }

  /**
   * Calls `done` when everything that waits now, everything `seed` adds, and everything found on
   * the way has been looked at. One pass at a time.
   */
  pass(seed: () => void, done: () => void): void {
    const pass: Errand = { outstanding: 1, done };
    this.#pass = pass;
    this.#queue.adopt(pass);
    for (const work of this.#running === null ? this.#scans : [...this.#scans, this.#running]) {
      pass.outstanding++;
      work.errands.push(pass);
    }
    this.#within([pass], seed);
    this.#leave([pass]);
  }

  /** Ends a slice soon even if nothing waits, so that what was found otherwise is delivered. */
  wake(): void {
    if (this.#closed) return;
    this.#woken = true;
    this.#schedule();
  }

  /** Forgets all work; a pass under way never calls `done`. */
  close(): void {
    this.#closed = true;
    this.#queue.clear();
    this.#scans.length = 0;
    this.#pass = null;
    clearImmediate(this.#immediate);
  }

  #within(errands: readonly Errand[], fn: () => void): void {
    const outer = this.#parents;
    this.#parents = errands;
    try {
      fn();
    } finally {
      this.#parents = outer;
    }
  }

  #leave(errands: readonly Errand[]): void {
    for (const errand of errands) {
      if (--errand.outstanding > 0 || errand !== this.#pass) continue;
      this.#pass = null;
      errand.done();
    }
  }

  #schedule(): void {
    if (this.#busy) return;
    this.#busy = true;
    queueMicrotask(this.#drain);
  }

  readonly #drain = (): void => {
    this.#immediate = undefined;
    if (this.#closed) return;
    if (this.#slow) {
      void this.#drainSlowly();
      return;
    }
    if (this.#queue.size === 1 && this.#scans.length === 0) {
      this.#examineNow();
      this.#rest();
      return;
    }
    const until = this.#clock.now() + SLICE_MS;
    for (let work = this.#take(); work !== undefined; work = this.#take()) {
      if (!this.#run(work, until)) {
        this.#scans.push(work);
        break;
      }
      if (this.#clock.now() >= until) break;
    }
    this.#rest();
  };

  #examineNow(): void {
    const { jobs, errands } = this.#queue.take(CHUNK);
    for (const job of jobs) this.#within(errands, () => this.#model.examineNow(job));
    this.#leave(errands);
  }

  #rest(): void {
    if (this.#closed) return;
    this.#woken = false;
    this.#model.rested();
    this.#busy = this.#woken || this.#queue.size > 0 || this.#scans.length > 0;
    if (this.#busy) this.#immediate = setImmediate(this.#drain);
  }

  #take(): Work | undefined {
    if (this.#queue.size === 0 || this.#chunksInARow >= CHUNKS_BEFORE_SCANS) {
      this.#chunksInARow = 0;
      const scan = this.#scans.pop();
      if (scan !== undefined || this.#queue.size === 0) return scan;
    }
    this.#chunksInARow++;
    const { jobs, errands } = this.#queue.take(CHUNK);
    return { steps: this.#model.examine(jobs), long: false, errands, ask: null };
  }

  /**
   * Runs steps until they are done or the time is over; says whether they are done. What they want to
   * know when the time is over is asked when they go on: an answer that waited might be older than
   * what a touch shows meanwhile.
   */
  #run(work: Work, until: number): boolean {
    for (;;) {
      const step = this.#next(work, work.ask === null ? nothing : answer(work.ask));
      if (step.done === true) {
        this.#finish(work);
        return true;
      }
      work.ask = step.value;
      if (this.#closed) return true;
      if (work.long && this.#clock.now() >= until) {
        this.#running = null;
        return false;
      }
    }
  }

  #finish(work: Work): void {
    this.#running = null;
    this.#leave(work.errands);
  }

  #next(work: Work, found: Answer): ReturnType<Steps['next']> {
    const outer = this.#parents;
    this.#running = work;
    this.#parents = work.errands;
    if (work.long) this.#queue.looked();
    try {
      return work.steps.next(found);
    } finally {
      this.#parents = outer;
    }
  }

  async #drainSlowly(): Promise<void> {
    for (let work = this.#take(); work !== undefined; work = this.#take()) {
      let found = nothing;
      for (let step = this.#next(work, found); !step.done; step = this.#next(work, found)) {
        found = await this.#lane.answer(step.value);
        if (this.#closed) return;
      }
      this.#finish(work);
      this.#model.rested();
      if (this.#closed) return;
    }
    this.#rest();
  }
}
