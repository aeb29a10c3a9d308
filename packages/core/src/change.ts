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
  /** The former path; only for `rename`. */
  readonly from?: string;
  /** The stat known before, or `null` when the entry did not exist. */
  readonly before: EntryStat | null;
  /** The stat found, or `null` when the entry is gone. */
  readonly after: EntryStat | null;
  /** How it came to be known. */
  readonly origin: ChangeOrigin;
}

/** Changes delivered together: at most one per path, removals deepest first, then creations shallowest first, then modifications. */
export interface ChangeBatch {
  /** Grows by one with every batch of a watch, from 1. */
  readonly sequence: number;
  /** Never empty, unless the batch only reports a repair. */
  readonly changes: readonly Change[];
  /** Present when this batch also repairs a loss; `unsure` lists what could not be compared. */
  readonly repaired?: {
    readonly under: readonly string[];
    readonly why: string;
    readonly unsure: readonly string[];
  };
}
