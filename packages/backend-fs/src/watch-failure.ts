import { closeSync, openSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { WatchError, type WatchErrorCode, type WatchErrorEffect } from '@watchkeeper/core';
import { errorCode } from './entry-look.ts';

/** The name this backend gives itself in errors and configuration. */
export const BACKEND_NAME = 'fs';

/** The three scarce resources of the kernel, by the code that reports each. */
export type LimitCode =
  | 'ERR_WATCH_LIMIT_WATCHES'
  | 'ERR_WATCH_LIMIT_INSTANCES'
  | 'ERR_WATCH_LIMIT_FILES';

/** Turns a failure of `fs.watch`, `lstat` or `readdir` on `path` into a {@link WatchError}. */
export function toWatchError(
  cause: unknown,
  path: string,
  effect: WatchErrorEffect = 'closed',
): WatchError {
  const code = classify(errorCode(cause));
  return new WatchError(sentence(code, path), {
    code,
    effect,
    retryable: code !== 'ERR_WATCH_NOT_DIRECTORY' && code !== 'ERR_WATCH_LOOP',
    backend: BACKEND_NAME,
    paths: [path],
    ...remedyFor(code, path),
    cause,
  });
}

/** Whether a failure means that the kernel has no more of something, so that trying the next directory is vain. */
export function isLimit(code: WatchErrorCode): code is LimitCode {
  return code.startsWith('ERR_WATCH_LIMIT_');
}

function classify(errno: string | undefined): WatchErrorCode {
  switch (errno) {
    case 'ENOENT':
      return 'ERR_WATCH_NOT_FOUND';
    case 'ENOTDIR':
      return 'ERR_WATCH_NOT_DIRECTORY';
    case 'EACCES':
    case 'EPERM':
      return 'ERR_WATCH_PERMISSION';
    case 'ELOOP':
      return 'ERR_WATCH_LOOP';
    case 'ENOSPC':
      return 'ERR_WATCH_LIMIT_WATCHES';
    case 'ENFILE':
      return 'ERR_WATCH_LIMIT_FILES';
    case 'EMFILE':
      return hasSpareDescriptor() ? 'ERR_WATCH_LIMIT_INSTANCES' : 'ERR_WATCH_LIMIT_FILES';
    default:
      return 'ERR_WATCH_IO';
  }
}

/** `inotify_init` answers EMFILE both for too many instances and for too many descriptors; only a try tells. */
function hasSpareDescriptor(): boolean {
  try {
    closeSync(openSync(devNull, 'r'));
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EMFILE' || code === 'ENFILE') return false;
    throw error;
  }
}

function sentence(code: WatchErrorCode, path: string): string {
  switch (code) {
    case 'ERR_WATCH_NOT_FOUND':
      return `Cannot watch ${path}: it does not exist`;
    case 'ERR_WATCH_NOT_DIRECTORY':
      return `Cannot watch ${path}: it is not a directory`;
    case 'ERR_WATCH_PERMISSION':
      return `Cannot watch ${path}: permission denied`;
    case 'ERR_WATCH_LOOP':
      return `Cannot watch ${path}: too many symbolic links`;
    case 'ERR_WATCH_LIMIT_WATCHES':
      return `Cannot watch ${path}: this user has used up its inotify watches`;
    case 'ERR_WATCH_LIMIT_INSTANCES':
      return `Cannot watch ${path}: this user has used up its inotify instances`;
    case 'ERR_WATCH_LIMIT_FILES':
      return `Cannot watch ${path}: no file descriptor is left`;
    default:
      return `Cannot watch ${path}`;
  }
}

function remedyFor(code: WatchErrorCode, path: string): { readonly remedy?: string } {
  switch (code) {
    case 'ERR_WATCH_PERMISSION':
      return { remedy: `grant this user read and search permission on ${path}` };
    case 'ERR_WATCH_LIMIT_WATCHES':
      return { remedy: raise('max_user_watches', 524_288) };
    case 'ERR_WATCH_LIMIT_INSTANCES':
      return { remedy: raise('max_user_instances', 1024) };
    case 'ERR_WATCH_LIMIT_FILES':
      return { remedy: 'raise the limit of open files (ulimit -n) or close some' };
    default:
      return {};
  }
}

function raise(name: string, to: number): string {
  const now = currentLimit(name);
  const wanted = now === undefined ? to : Math.max(to, now * 2);
  const known = now === undefined ? '' : ` (now ${now})`;
  return `raise fs.inotify.${name}${known}, for example: sysctl -w fs.inotify.${name}=${wanted}`;
}

function currentLimit(name: string): number | undefined {
  try {
    const value = Number(readFileSync(`/proc/sys/fs/inotify/${name}`, 'utf8'));
    return Number.isFinite(value) ? value : undefined;
  } catch {
    // Only a figure for a message: /proc may be absent, hidden or out of descriptors, whatever the code.
    return undefined;
  }
}
