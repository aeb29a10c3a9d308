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

/** What the system's codes mean here. EMFILE has two meanings and is settled by {@link classify}. */
const CODES: Readonly<Record<string, WatchErrorCode>> = {
  ENOENT: 'ERR_WATCH_NOT_FOUND',
  ENOTDIR: 'ERR_WATCH_NOT_DIRECTORY',
  EACCES: 'ERR_WATCH_PERMISSION',
  EPERM: 'ERR_WATCH_PERMISSION',
  ELOOP: 'ERR_WATCH_LOOP',
  ENOSPC: 'ERR_WATCH_LIMIT_WATCHES',
  ENFILE: 'ERR_WATCH_LIMIT_FILES',
};

/** What happened and what to do about it, by code. */
const TEXTS: Partial<Record<WatchErrorCode, { what: string; remedy?: (path: string) => string }>> =
  {
    ERR_WATCH_NOT_FOUND: { what: 'it does not exist' },
    ERR_WATCH_NOT_DIRECTORY: { what: 'it is not a directory' },
    ERR_WATCH_PERMISSION: {
      what: 'permission denied',
      remedy: (path) => `grant this user read and search permission on ${path}`,
    },
    ERR_WATCH_LOOP: { what: 'too many symbolic links' },
    ERR_WATCH_LIMIT_WATCHES: {
      what: 'this user has used up its inotify watches',
      remedy: () => raise('max_user_watches', 524_288),
    },
    ERR_WATCH_LIMIT_INSTANCES: {
      what: 'this user has used up its inotify instances',
      remedy: () => raise('max_user_instances', 1024),
    },
    ERR_WATCH_LIMIT_FILES: {
      what: 'no file descriptor is left',
      remedy: () => 'raise the limit of open files (ulimit -n) or close some',
    },
  };

/** Codes that another attempt at the same path cannot cure. */
const FINAL: ReadonlySet<WatchErrorCode> = new Set(['ERR_WATCH_NOT_DIRECTORY', 'ERR_WATCH_LOOP']);

/** Turns a failure of `fs.watch`, `lstat` or `readdir` on `path` into a {@link WatchError}. */
export function toWatchError(
  cause: unknown,
  path: string,
  effect: WatchErrorEffect = 'closed',
): WatchError {
  const code = classify(errorCode(cause));
  const text = TEXTS[code];
  return new WatchError(`Cannot watch ${path}${text === undefined ? '' : `: ${text.what}`}`, {
    code,
    effect,
    retryable: !FINAL.has(code),
    backend: BACKEND_NAME,
    paths: [path],
    ...(text?.remedy === undefined ? {} : { remedy: text.remedy(path) }),
    cause,
  });
}

/** Whether a failure means that the kernel has no more of something. */
export function isLimit(code: WatchErrorCode): code is LimitCode {
  return code.startsWith('ERR_WATCH_LIMIT_');
}

function classify(errno: string | undefined): WatchErrorCode {
  if (errno === 'EMFILE') {
    return hasSpareDescriptor() ? 'ERR_WATCH_LIMIT_INSTANCES' : 'ERR_WATCH_LIMIT_FILES';
  }
  return CODES[errno ?? ''] ?? 'ERR_WATCH_IO';
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
