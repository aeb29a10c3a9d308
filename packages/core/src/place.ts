import type { AbsPath } from './entry.ts';

/** A path's surroundings: what decides which backend can be trusted there. */
export interface Place {
  /** The path that was looked at: an existing directory. */
  readonly path: AbsPath;
  /** The platform of this process. */
  readonly platform: NodeJS.Platform;
  /** File system type as the kernel names it (`ext4`, `nfs4`, `9p`, `fuse.osxfs`, `tmpfs`), or `unknown`. */
  readonly fsType: string;
  /** Whether a machine other than this kernel may write here. */
  readonly shared: boolean | 'unknown';
  /** Whether names that differ only in case are different names. */
  readonly caseSensitive: boolean | 'unknown';
}
