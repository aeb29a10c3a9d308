import { closeSync, openSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { errorCode } from './error-code.ts';

/** Whether this process may open one more file. */
export function hasSpareDescriptor(): boolean {
  try {
    closeSync(openSync(devNull, 'r'));
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EMFILE' || code === 'ENFILE') return false;
    throw error;
  }
}

/** How to raise a limit of inotify: to `least`, or to twice what it is now where that is more. */
export function raiseInotify(limit: string, least: number): string {
  const now = currentLimit(limit);
  const wanted = now === undefined ? least : Math.max(least, now * 2);
  const known = now === undefined ? '' : ` (now ${now})`;
  return `raise fs.inotify.${limit}${known}, for example: sysctl -w fs.inotify.${limit}=${wanted}`;
}

function currentLimit(limit: string): number | undefined {
  try {
    const value = Number(readFileSync(`/proc/sys/fs/inotify/${limit}`, 'utf8'));
    return Number.isFinite(value) ? value : undefined;
  } catch {
    // Only a figure for a message: /proc may be absent, hidden or out of descriptors, whatever the code.
    return undefined;
  }
}
