/**
 * An absolute, normalised path with the platform's separators and no trailing separator. Byte-exact:
 * never case-folded, never Unicode-normalised.
 */
export type AbsPath = string & { readonly __brand: 'AbsPath' };

/** What a directory entry is, by `lstat` unless a watch follows symlinks. */
export type EntryType = 'file' | 'directory' | 'symlink' | 'other';

/**
 * What one stat tells about one name. Integers are `bigint`: an NTFS or ReFS id and a time in
 * nanoseconds do not fit a double.
 */
export interface EntryStat {
  /** What the entry is. */
  readonly type: EntryType;
  /** Size in bytes. */
  readonly size: bigint;
  /** Time of the last content change, in nanoseconds since the epoch. */
  readonly mtimeNs: bigint;
  /** Time of the last content or metadata change, in nanoseconds since the epoch. */
  readonly ctimeNs: bigint;
  /** Time of birth in nanoseconds since the epoch; 0 or equal to `ctimeNs` where the file system has none. */
  readonly birthtimeNs: bigint;
  /** Device id. */
  readonly dev: bigint;
  /** Inode number or file id. Reused at once by ext4 after an unlink, so never an identity alone. */
  readonly ino: bigint;
  /** Permission and type bits. */
  readonly mode: number;
  /** Number of hard links. */
  readonly nlink: bigint;
  /** Where a symlink points, unresolved. Present only when `type` is `symlink`. */
  readonly link?: string;
}
