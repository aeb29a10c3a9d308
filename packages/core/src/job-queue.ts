import type { AbsPath } from './entry.ts';
import { merge } from './evidence.ts';
import type { Job } from './examiner.ts';

/** One complete look, and how much of it is left. */
export interface Errand {
  outstanding: number;
  readonly done: () => void;
}

/** Jobs to do together, and the errands they belong to. */
export interface Handful {
  readonly jobs: readonly Job[];
  readonly errands: Errand[];
}

interface Waiting {
  readonly job: Job;
  readonly errand: Errand | null;
  /** How often core had looked by itself when the job came. */
  readonly looks: number;
}

/** Paths that wait to be looked at, each once however often it was touched, first come, first served. */
export class JobQueue {
  readonly #waiting = new Map<AbsPath, Waiting>();
  #looks = 0;

  /** How many there are. */
  get size(): number {
    return this.#waiting.size;
  }

  /**
   * Notes that core looked at paths that were not handed out here. What it saw may be newer than the
   * stats that wait, so these are not believed any more.
   */
  looked(): void {
    this.#looks++;
  }

  /** Adds a path; one that already waits is looked at as far as the farther of both reaches. */
  add(job: Job, parent: Errand | null): void {
    const waiting = this.#waiting.get(job.path);
    const errand = waiting?.errand ?? parent;
    if (errand !== null && waiting?.errand !== errand) errand.outstanding++;
    const merged = waiting === undefined ? job : merge(waiting.job, job);
    this.#waiting.set(job.path, { job: merged, errand, looks: this.#looks });
  }

  /** Makes what waits, and is on no errand, part of one. */
  adopt(errand: Errand): void {
    for (const [path, waiting] of this.#waiting) {
      if (waiting.errand !== null) continue;
      errand.outstanding++;
      this.#waiting.set(path, { ...waiting, errand });
    }
  }

  /** Hands out some. Each errand among them counts once for all of them. */
  take(most: number): Handful {
    const jobs: Job[] = [];
    const errands: Errand[] = [];
    for (const [path, waiting] of this.#waiting) {
      this.#waiting.delete(path);
      jobs.push(this.#believed(waiting));
      const { errand } = waiting;
      if (errand !== null) {
        if (errands.includes(errand)) errand.outstanding--;
        else errands.push(errand);
      }
      if (jobs.length === most) break;
    }
    return { jobs, errands };
  }

  /** Forgets everything. */
  clear(): void {
    this.#waiting.clear();
  }

  #believed({ job, looks }: Waiting): Job {
    if (job.stat === undefined || looks === this.#looks) return job;
    const { path, reach, origin } = job;
    return { path, reach, origin };
  }
}
