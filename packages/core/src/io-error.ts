import { WatchError, type WatchErrorCode } from './errors.ts';

const codes: Readonly<Record<string, { code: WatchErrorCode; remedy: string }>> = {
  EACCES: {
    code: 'ERR_WATCH_PERMISSION',
    remedy: 'give this user the right to read and search the directory',
  },
  EPERM: {
    code: 'ERR_WATCH_PERMISSION',
    remedy: 'give this user the right to read and search the directory',
  },
  ELOOP: { code: 'ERR_WATCH_LOOP', remedy: 'remove the loop of symbolic links' },
  EMFILE: {
    code: 'ERR_WATCH_LIMIT_FILES',
    remedy: 'raise the limit of open files (ulimit -n) or open fewer',
  },
  ENFILE: { code: 'ERR_WATCH_LIMIT_FILES', remedy: 'raise the system limit of open files' },
};

/**
 * An error for a path that could not be looked at. What was known of the path stays known: only
 * ENOENT and ENOTDIR mean absence.
 */
export function unreadable(path: string, cause: unknown): WatchError {
  const errno = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  const known = codes[errno];
  return new WatchError(`Cannot look at ${path} (${errno})`, {
    code: known?.code ?? 'ERR_WATCH_IO',
    effect: 'partial',
    retryable: true,
    backend: 'core',
    paths: [path],
    remedy: known?.remedy ?? 'check the disk or mount; the path is looked at again when it changes',
    cause,
  });
}
