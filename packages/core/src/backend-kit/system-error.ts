import type { WatchErrorCode } from '../errors.ts';
import { hasSpareDescriptor, raiseInotify } from './kernel-limit.ts';

/** `watch`: a kernel watch was wanted. `read`: a stat or a listing. */
export type Attempt = 'watch' | 'read';

/** What a failure of the system means. */
export interface Meaning {
  readonly code: WatchErrorCode;
  /** What happened, in words; `undefined` when only the system knows. */
  readonly what: string | undefined;
  readonly remedy: string | undefined;
  /** Whether another attempt at the same path can succeed. */
  readonly retryable: boolean;
}

/** What the system's codes mean, whatever was tried. */
const CODES: Readonly<Record<string, WatchErrorCode>> = {
  ENOENT: 'ERR_WATCH_NOT_FOUND',
  ENOTDIR: 'ERR_WATCH_NOT_DIRECTORY',
  EACCES: 'ERR_WATCH_PERMISSION',
  EPERM: 'ERR_WATCH_PERMISSION',
  ELOOP: 'ERR_WATCH_LOOP',
  EMFILE: 'ERR_WATCH_LIMIT_FILES',
  ENFILE: 'ERR_WATCH_LIMIT_FILES',
};

interface Wording {
  readonly what?: string;
  readonly remedy?: (path: string) => string;
}

const WORDS: Readonly<Partial<Record<WatchErrorCode, Wording>>> = {
  ERR_WATCH_NOT_FOUND: { what: 'it does not exist' },
  ERR_WATCH_NOT_DIRECTORY: { what: 'it is not a directory' },
  ERR_WATCH_PERMISSION: {
    what: 'permission denied',
    remedy: (path) => `grant this user read and search permission on ${path}`,
  },
  ERR_WATCH_LOOP: {
    what: 'too many symbolic links',
    remedy: () => 'remove the loop of symbolic links',
  },
  ERR_WATCH_LIMIT_WATCHES: {
    what: 'this user has used up its inotify watches',
    remedy: () => raiseInotify('watches', 524_288),
  },
  ERR_WATCH_LIMIT_INSTANCES: {
    what: 'this user has used up its inotify instances',
    remedy: () => raiseInotify('instances', 1024),
  },
  ERR_WATCH_LIMIT_FILES: {
    what: 'no file descriptor is left',
    remedy: () => 'raise the limit of open files (ulimit -n) or close some',
  },
  ERR_WATCH_IO: { remedy: () => 'check the disk or the mount; the path is looked at again' },
};

/** What a code of the system means for an attempt at a path. */
export function meaningOf(errno: string | undefined, attempt: Attempt, path: string): Meaning {
  const code = codeOf(errno, attempt);
  const words = WORDS[code];
  const isFinal =
    code === 'ERR_WATCH_NOT_DIRECTORY' || (code === 'ERR_WATCH_LOOP' && attempt === 'watch');
  return { code, what: words?.what, remedy: words?.remedy?.(path), retryable: !isFinal };
}

function codeOf(errno: string | undefined, attempt: Attempt): WatchErrorCode {
  if (attempt === 'watch' && errno === 'ENOSPC') return 'ERR_WATCH_LIMIT_WATCHES';
  // `inotify_init` answers EMFILE both for too many instances and for too many descriptors; only a try tells.
  if (attempt === 'watch' && errno === 'EMFILE' && hasSpareDescriptor()) {
    return 'ERR_WATCH_LIMIT_INSTANCES';
  }
  return CODES[errno ?? ''] ?? 'ERR_WATCH_IO';
}
