/**
 * Where a tail stands: everything that is needed to go on after a restart with nothing lost and
 * nothing doubled. Plain JSON; store it in the same transaction as the data for exactly-once.
 */
export interface TailCursor {
  /** Format version. */
  readonly v: 1;
  /** Grows by one each time the file was truncated, replaced or rewritten. */
  readonly generation: number;
  /** Identity of the file as decimal strings; `birthtimeNs` is `'0'` where the file system has none. */
  readonly dev: string;
  readonly ino: string;
  readonly birthtimeNs: string;
  /** Committed offset: the byte just after the last newline whose line was delivered or skipped. */
  readonly offset: number;
  /** Index of the next line; blank lines do not count. */
  readonly lineIndex: number;
  /** The last bytes (at most 1 KiB) before `offset`: how many, and their SHA-256 in base64url. */
  readonly marker: { readonly bytes: number; readonly hash: string };
}
