import type { DeepReadonly, KeyPath } from './key-path.ts';

/** Why a generation came to be: the first load, a change noticed on disk, or a call of `reload()` or `fresh()`. */
export type Reason = 'initial' | 'file' | 'reload';

/** What is known of one file layer. */
export interface SourceState {
  /** The layer: `<index>:<path as given>`. */
  readonly id: string;
  /** Absolute path. */
  readonly path: string;
  /** Where the path led when it was last read, all symlinks resolved. */
  readonly realPath?: string;
  /** `ok`: what is served is what lies there. `missing`: nothing lies there. `held`: what lies there is refused or still being proved; the last good content is served. */
  readonly state: 'ok' | 'missing' | 'held';
  /** SHA-256 of the bytes that are served, in hex. */
  readonly sha256?: string;
  /** Length of the bytes that are served. */
  readonly bytes?: number;
}

/** One frozen, validated configuration value with its generation. */
export interface Snapshot<T> {
  /** The value; frozen at every level. Subtrees equal to those of the generation before are the same objects. */
  readonly value: DeepReadonly<T>;
  /** 1, 2, 3 …; grows by one with every different value, never goes back. */
  readonly generation: number;
  /** SHA-256 of the value in canonical form, in hex: equal for equal values whatever the order of keys. */
  readonly hash: string;
  /** When it was published, in milliseconds since the epoch. */
  readonly at: number;
  /** Why it was published. */
  readonly reason: Reason;
  /** The file layers it was built from, lowest precedence first. */
  readonly sources: readonly SourceState[];
}

/** One difference between two snapshots. */
export interface ChangeOp {
  /** Whether the path appeared, disappeared, or has another value. */
  readonly op: 'add' | 'remove' | 'replace';
  /** Keys from the root. Arrays are compared whole: no path leads into one. */
  readonly path: readonly string[];
  /** The value before; absent for `add`. */
  readonly from?: unknown;
  /** The value now; absent for `remove`. */
  readonly to?: unknown;
}

/** The step from the snapshot that a receiver had to the one it gets. */
export interface Change<T> {
  /** The newest snapshot. */
  readonly current: Snapshot<T>;
  /** What this receiver had applied before; `undefined` the first time. */
  readonly previous: Snapshot<T> | undefined;
  /** What differs between the two; empty the first time. */
  readonly ops: readonly ChangeOp[];
  /** Generations this receiver was never given because newer ones overtook them. */
  readonly skipped: number;
  /** Whether the path, an ancestor or a descendant of it changed. Always true the first time. */
  affects(path: KeyPath<T>): boolean;
}
