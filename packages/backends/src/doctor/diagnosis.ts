import type { Place } from '@watchkeeper/core';
import type { BackendReport } from './backend-report.ts';
import type { EnvironmentVariable } from './environment-report.ts';
import type { Finding } from './finding.ts';
import type { LimitReport } from './limit-report.ts';
import type { MountReport } from './mount-report.ts';
import type { ProbeReport } from './probe-report.ts';
import type { Subject } from './subject.ts';
import type { SystemReport } from './system-report.ts';
import type { TreeCount } from './tree-count.ts';

/** The machine, as far as it concerns watching. */
export interface MachineReport {
  /** Platform, kernel, Node, container. */
  readonly system: SystemReport;
  /** Variables that decide about watching. */
  readonly environment: readonly EnvironmentVariable[];
  /** Limits of the system, and how much of them is used. */
  readonly limits: LimitReport;
  /** What follows from it, in the order in which it is best read. */
  readonly findings: readonly Finding[];
}

/** One path, as far as it concerns watching. */
export interface PlaceReport {
  /** The path as it was given. */
  readonly path: string;
  /** What is there. */
  readonly subject: Subject;
  /** Where it lies. */
  readonly place: Place;
  /** The mount that shows it, or `null` where mounts cannot be told (macOS, Windows). */
  readonly mount: MountReport | null;
  /** Every backend: the order of this place first, then the others. */
  readonly backends: readonly BackendReport[];
  /** How large the tree is, or `null` when it was not counted. */
  readonly tree: TreeCount | null;
  /** What became of the live probe. */
  readonly probe: ProbeReport;
  /** What follows from it, in the order in which it is best read. */
  readonly findings: readonly Finding[];
}

/**
 * What `diagnose()` found. Plain data that survives JSON; keys are only ever added, so ignore those you
 * do not know.
 */
export interface Diagnosis {
  /** Whether no finding is an error. */
  readonly ok: boolean;
  /** The machine. */
  readonly machine: MachineReport;
  /** One report for each path, in the order in which they were given. */
  readonly places: readonly PlaceReport[];
}
