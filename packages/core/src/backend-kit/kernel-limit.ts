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

/** A limit of inotify that counts for one user. */
export type InotifyLimit = 'watches' | 'instances';

/**
 * How to raise a limit of inotify: to `least`, or to twice what it is now where that is more. A user
 * namespace has limits of its own, and the lower one holds (namespaces(7), proc_sys_user(5)).
 */
export function raiseInotify(
  limit: InotifyLimit,
  least: number,
  read: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): string {
  const machine = currentLimit(`/proc/sys/fs/inotify/max_user_${limit}`, read);
  const namespace = `/proc/sys/user/max_inotify_${limit}`;
  const own = currentLimit(namespace, read);
  const now = own !== undefined && own < (machine ?? Infinity) ? own : machine;
  const wanted = now === undefined ? least : Math.max(least, now * 2);
  const known = now === undefined ? '' : ` (now ${now})`;
  const name = `fs.inotify.max_user_${limit}`;
  if (now === machine) return `raise ${name}${known}, for example: sysctl -w ${name}=${wanted}`;
  return `raise the limit of this user namespace${known}, for example: echo ${wanted} > ${namespace}`;
}

function currentLimit(path: string, read: (path: string) => string): number | undefined {
  try {
    const value = Number(read(path));
    return Number.isFinite(value) ? value : undefined;
  } catch {
    // Only a figure for a message: /proc may be absent, hidden or out of descriptors, whatever the code.
    return undefined;
  }
}
