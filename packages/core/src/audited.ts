import type { LossReason } from './backend.ts';
import type { AbsPath, EntryStat } from './entry.ts';
import type { Steps } from './look.ts';

/** What is known of a path: `undefined` when it does not belong to the scope (any more). */
export type Known = EntryStat | null | undefined;

/** Told of each path that is not as it is known to be. */
export type Differs = (path: AbsPath, known: Known) => void;

/** A scope that is compared with the disk because its backend may lose evidence without a word. */
export interface Audited {
  /** Whether a look may wait for a server. */
  readonly slow: boolean;
  /** Number of entries known. */
  readonly size: number;
  /** Longest time between two audits that somebody who follows it asks for; `Infinity` when nobody does. */
  readonly auditIntervalMs: number;
  /** Whether it is audited as the budget allows. */
  readonly auditAuto: boolean;
  /** How long evidence of a change may take, in milliseconds. */
  readonly graceMs: number;
  /** Whether it can be compared now: live, and not being read as a whole. */
  readonly comparable: boolean;
  /** The steps that compare everything with the disk, once. Change nothing. */
  audit(differs: Differs): Steps;
  /** What is known of a path now. */
  known(path: AbsPath): Known;
  /** Looks at once at what hot watches follow. */
  lookAtHot(): void;
  /** Reads everything again, and tells as repaired what differs; resolves to whether anything did. */
  reread(why: LossReason): Promise<boolean>;
}
