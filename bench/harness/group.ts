import type { Work } from './task.ts';

/**
 * What a contestant is in its group. `baseline` does the same preparations and then nothing: what it
 * costs is subtracted where a {@link Measure} says so.
 */
export type Role = 'baseline' | 'limit' | 'ours' | 'peer';

/** One way of doing the work of a group, run in a process of its own. */
export interface Contestant<Subject> {
  /** Unique in its group; bars and measures name it. */
  readonly name: string;
  readonly role: Role;
  /** Npm package whose version is written down. */
  readonly package?: string;
  /** Imports what does the work, inside the contestant's process only. */
  readonly load: () => Promise<Subject>;
}

/** What a figure is counted in. */
export type Unit = 'ms' | 'MB' | '%' | 'lost';

/** One figure that the work yields. */
export interface Measure {
  /** Key in what the work returns. */
  readonly key: string;
  /** The work, in the words of the table. */
  readonly label: string;
  readonly unit: Unit;
  /** Key of the 99th percentile that belongs to this median. */
  readonly p99?: string;
  /** Contestant that the others are divided by. */
  readonly limit?: string;
  /** Contestant whose median is subtracted, size by size. */
  readonly above?: string;
  /** Whether the table says how this cost grows with the size. */
  readonly growth?: boolean;
}

/** What one of our figures must reach. */
export interface Bar {
  readonly contestant: string;
  /** Key of a measure, or of its 99th percentile. */
  readonly key: string;
  readonly size: number;
  /** Highest figure allowed, in the measure's unit, or times what `times` has. */
  readonly atMost: number;
  /** Contestant of the same measure that `atMost` is a multiple of. */
  readonly times?: string;
}

/** One size of a group. */
export interface Size {
  readonly size: number;
  /** Rounds when not all are run: sizes that only show how the cost grows. @defaultValue the rounds asked for */
  readonly rounds?: number;
}

/** One group: what is measured, on which sizes, who takes part, and the bar. */
export interface Group<Subject = unknown> {
  readonly name: string;
  /** One sentence for the table. */
  readonly title: string;
  /** What a size counts, in the plural. */
  readonly sizeOf: string;
  readonly sizes: readonly Size[];
  readonly contestants: readonly Contestant<Subject>[];
  readonly measures: readonly Measure[];
  readonly bars: readonly Bar[];
  /** What a reader must know to judge the figures. */
  readonly notes: readonly string[];
  /** Longest time one contestant may take, in milliseconds. */
  readonly deadlineMs: number;
  /** Makes the files that all contestants of one size share. */
  readonly prepare: (directory: string, size: number) => void;
  /** Imports the work, inside the contestant's process only. */
  readonly work: () => Promise<Work<Subject>>;
}

/** Keeps the contestants' type and gives the group up as one of many. */
export function defineGroup<Subject>(group: Group<Subject>): Group {
  return group as Group;
}
