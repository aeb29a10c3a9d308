import type { Touch } from './backend.ts';
import type { ChangeOrigin } from './change.ts';
import type { Clock } from './clock.ts';
import type { AbsPath, EntryStat } from './entry.ts';
import { jobOf, merge } from './evidence.ts';
import { answer, type Answer, type SlowLane, type Steps } from './look.ts';

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

interface Pass {
  outstanding: number;
  readonly done: () => void;
}

interface Work {
  readonly steps: Steps;
  /** Whether it may be left in the middle: looks that were asked for by touches are drawn conclusions from at once. */
  readonly long: boolean;
  readonly passes: Pass[];
  answer: Answer;
}

const none: readonly Pass[] = [];

interface Queued {
  readonly job: Job;
  readonly pass: Pass | null;
}

/**
 * Works off touched paths and directory scans of one scope: each path once however often it was
 * touched, one step at a time so that results apply in the order in which they were read, in slices
 * so that the event loop is never held long.
 */
export class Examiner {
  readonly #model: Examined;
  readonly #clock: Clock;
  readonly #lane: SlowLane;
  readonly #queue = new Map<AbsPath, Queued>();
  readonly #scans: Work[] = [];
  #pass: Pass | null = null;
  /** The passes that steps started now belong to. */
  #parents: readonly Pass[] = none;
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
    const waiting = this.#queue.get(job.path);
    const pass = waiting?.pass ?? this.#parents[0] ?? null;
    if (pass !== null && waiting?.pass !== pass) pass.outstanding++;
    this.#queue.set(job.path, { job: waiting === undefined ? job : merge(waiting.job, job), pass });
    this.#schedule();
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
    const passes = [...this.#parents];
    for (const pass of passes) pass.outstanding++;
    this.#scans.push({ steps, long: true, passes, answer: [] });
    this.#schedule();
  }

  /**
   * Calls `done` when everything that waits now, everything `seed` adds, and everything found on
   * the way has been looked at. One pass at a time.
   */
  pass(seed: () => void, done: () => void): void {
    const pass: Pass = { outstanding: 1, done };
    this.#pass = pass;
    for (const [path, { job, pass: old }] of this.#queue) {
      if (old !== null) continue;
      pass.outstanding++;
      this.#queue.set(path, { job, pass });
    }
    for (const work of this.#running === null ? this.#scans : [...this.#scans, this.#running]) {
      pass.outstanding++;
      work.passes.push(pass);
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

  #within(passes: readonly Pass[], fn: () => void): void {
    const outer = this.#parents;
    this.#parents = passes;
    try {
      fn();
    } finally {
      this.#parents = outer;
    }
  }

  #leave(passes: readonly Pass[]): void {
    for (const pass of passes) {
      if (--pass.outstanding > 0 || pass !== this.#pass) continue;
      this.#pass = null;
      pass.done();
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
    for (const [path, { job, pass }] of this.#queue) {
      this.#queue.delete(path);
      const passes = pass === null ? none : [pass];
      this.#within(passes, () => this.#model.examineNow(job));
      this.#leave(passes);
      return;
    }
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
    const jobs: Job[] = [];
    const passes: Pass[] = [];
    for (const [path, { job, pass }] of this.#queue) {
      this.#queue.delete(path);
      jobs.push(job);
      if (pass !== null) {
        // The work as a whole counts once for its pass, and each job stops counting.
        if (passes.includes(pass)) pass.outstanding--;
        else passes.push(pass);
      }
      if (jobs.length === CHUNK) break;
    }
    return { steps: this.#model.examine(jobs), long: false, passes, answer: [] };
  }

  /** Runs steps until they are done or the time is over; says whether they are done. */
  #run(work: Work, until: number): boolean {
    for (;;) {
      const step = this.#next(work);
      if (step.done === true) {
        this.#finish(work);
        return true;
      }
      work.answer = answer(step.value);
      if (this.#closed) return true;
      if (work.long && this.#clock.now() >= until) {
        this.#running = null;
        return false;
      }
    }
  }

  #finish(work: Work): void {
    this.#running = null;
    this.#leave(work.passes);
  }

  #next(work: Work): ReturnType<Steps['next']> {
    const outer = this.#parents;
    this.#running = work;
    this.#parents = work.passes;
    try {
      return work.steps.next(work.answer);
    } finally {
      this.#parents = outer;
    }
  }

  async #drainSlowly(): Promise<void> {
    for (let work = this.#take(); work !== undefined; work = this.#take()) {
      for (let step = this.#next(work); step.done !== true; step = this.#next(work)) {
        work.answer = await this.#lane.answer(step.value);
        if (this.#closed) return;
      }
      this.#finish(work);
      this.#model.rested();
      if (this.#closed) return;
    }
    this.#rest();
  }
}
