/**
 * Where a tail stands: everything that is needed to go on after a restart with nothing lost and
 * nothing doubled. Plain JSON; store it in the same transaction as the data for exactly-once.
 */
export interface TailCursor {
  /** Format version. */
  readonly v: 1;
  /** Grows by one each time the file was truncated, replaced or rewritten. */
  readonly generation: number;
  /** Device of the file, as a decimal string. */
  readonly dev: string;
  /** Inode number or file id, as a decimal string. */
  readonly ino: string;
  /** Time of birth in nanoseconds since the epoch, as a decimal string; `'0'` where the file system has none. */
  readonly birthtimeNs: string;
  /** Committed offset: the byte just after the last newline whose line was delivered or skipped. */
  readonly offset: number;
  /** Index of the next line; blank lines do not count. */
  readonly lineIndex: number;
  /** The last bytes (at most 1 KiB) before `offset`: how many, and their SHA-256 in base64url. */
  readonly marker: {
    /** How many bytes, 0 to 1024. */
    readonly bytes: number;
    /** Their SHA-256 in base64url; of no bytes when `bytes` is 0. */
    readonly hash: string;
  };
}
