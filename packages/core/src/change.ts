import type { EntryStat } from './entry.ts';

/**
 * Core's verdict on one path. `replace`: another file took the name (identity or birth time differ).
 * `attributes`: metadata moved but neither content nor identity. `rename` appears only where a watch
 * asked for pairing.
 */
export type ChangeKind = 'create' | 'modify' | 'replace' | 'attributes' | 'remove' | 'rename';

/** How a change came to be known. */
export type ChangeOrigin = 'initial' | 'event' | 'poll' | 'rescan' | 'resume';

/** One difference between what core knew of a path and what it found. */
export interface Change {
  /** What happened. */
  readonly kind: ChangeKind;
  /** The path, in the caller's own spelling of the root. */
  readonly path: string;
  /** The former path; only for `rename`. Its `before` is what was known there. */
  readonly from?: string;
  /** The stat known before, or `null` when the entry did not exist. */
  readonly before: EntryStat | null;
  /** The stat found, or `null` when the entry is gone. */
  readonly after: EntryStat | null;
  /** How it came to be known. */
  readonly origin: ChangeOrigin;
}

/**
 * Changes delivered together, in the order in which they can be applied: removals deepest first, then
 * renames, then what is new shallowest first, then modifications. At most one per path. With
 * `renames: 'pair'` a renamed directory moves everything known below it; what changed on the way
 * follows under its new path.
 */
export interface ChangeBatch {
  /** Grows by one with every batch of a listener, or of an iterator, from 1. */
  readonly sequence: number;
  /** Never empty, unless the batch only reports a repair. */
  readonly changes: readonly Change[];
  /**
   * Present when this batch also repairs a loss: below which paths, why, and what could not be
   * compared. When more changes waited than `maxQueuedPaths`, `why` is `overflow`, `unsure` names the
   * watched path, and `changes` is empty: whoever reads it must look at everything again.
   */
  readonly repaired?: {
    readonly under: readonly string[];
    readonly why: string;
    readonly unsure: readonly string[];
  };
}
