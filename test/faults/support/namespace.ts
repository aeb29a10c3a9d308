import { execFileSync } from 'node:child_process';

/** What holds for a process that is started, and for nobody else. */
export interface Confinement {
  /** Kernel limits of a user namespace of its own, by their names below `/proc/sys/user/`. */
  readonly limits?: Readonly<Partial<Record<InotifyLimit, number>>>;
  /** Most descriptors the process may have. */
  readonly descriptors?: number;
  /** A file system in memory of so many bytes, mounted here in a mount namespace of its own. */
  readonly memoryDisk?: { readonly path: string; readonly sizeBytes: number };
  /** Whether permissions of files hold for it: they do not for the superuser. */
  readonly unprivileged?: boolean;
}

/** The limits of inotify that each user namespace has for itself. */
export type InotifyLimit = 'max_inotify_watches' | 'max_inotify_instances';

/** The beginning of a command line that runs the rest of it under a confinement. */
export function confine(confinement: Confinement): readonly string[] {
  const { limits = {}, descriptors, memoryDisk, unprivileged = false } = confinement;
  // Only `/proc/sys/user` belongs to the namespace; `/proc/sys/fs` would change the whole machine.
  const steps = Object.entries(limits).map(
    ([name, value]) => `echo ${value} > /proc/sys/user/${name}`,
  );
  if (memoryDisk !== undefined) {
    steps.push(`mount -t tmpfs -o size=${memoryDisk.sizeBytes} none "${memoryDisk.path}"`);
  }
  const namespaces = namespacesFor(steps.length > 0, memoryDisk !== undefined, unprivileged);
  if (descriptors !== undefined) steps.push(`ulimit -n ${descriptors}`);
  if (steps.length === 0) return namespaces;
  return [...namespaces, 'sh', '-c', [...steps, 'exec "$@"'].join(' && '), 'sh'];
}

function namespacesFor(isRoot: boolean, mounts: boolean, unprivileged: boolean): readonly string[] {
  // Without a mapping nobody is the superuser, while the files keep their owner.
  if (unprivileged) return ['unshare', '-U'];
  return isRoot ? ['unshare', mounts ? '-Urm' : '-Ur'] : [];
}

/** Why a confinement cannot be had here, or `null`. */
export function obstacle(confinement: Confinement): string | null {
  const [program, ...args] = [...confine(confinement), 'true'];
  try {
    execFileSync(program ?? '', args, { stdio: 'ignore' });
    return null;
  } catch {
    // No Linux, no unshare, or not allowed: whichever it is, the fault cannot be made here.
    return 'user namespaces are not available, so the fault cannot be made without harm to others';
  }
}
