/** What a contestant's process is told to do. */
export interface Assignment {
  readonly group: string;
  readonly contestant: string;
  readonly size: number;
  readonly seed: number;
  /** Shorter windows and fewer repetitions. */
  readonly quick: boolean;
  /** Files shared by all contestants of this size. */
  readonly directory: string;
  /** Empty directory of this contestant alone. */
  readonly scratch: string;
}

/** An assignment, and the means to carry it out. */
export interface Task extends Assignment {
  /**
   * Runs a phase at the same time as all other contestants of the round, once each of them has come
   * this far. Only for what is measured by a process's own CPU time.
   */
  readonly together: <T>(phase: () => Promise<T>) => Promise<T>;
}

/** Figures by the key of their measure. */
export type Figures = Readonly<Record<string, number>>;

/** Does the work of a group with one contestant, and returns the figures. */
export type Work<Subject> = (subject: Subject, task: Task) => Promise<Figures>;

/** What a contestant's process says. */
export type FromContestant =
  | { readonly type: 'arrived' }
  | { readonly type: 'done'; readonly figures: Figures }
  | { readonly type: 'failed'; readonly reason: string };

/** What a contestant's process is told after it arrived. */
export interface ToContestant {
  readonly type: 'go';
}
