import type { InotifyLimits } from './limit-report.ts';
import type { SystemReport } from './system-report.ts';

/** The steps that raise a limit of inotify where it is set. */
export function raiseLimit(
  what: 'watches' | 'instances',
  to: number,
  limits: Pick<InotifyLimits, 'watches' | 'instances'>,
  system: SystemReport,
): readonly string[] {
  if (limits[what].setBy === 'user') {
    const file = `/proc/sys/user/max_inotify_${what}`;
    return [
      `echo ${to} > ${file}   # as root of this user namespace, which has a limit of its own`,
    ];
  }
  return setSysctl(`fs.inotify.max_user_${what}`, to, system);
}

/** Hints of a container that shares the kernel and its limits with others. */
export const CONTAINED: ReadonlySet<string> = new Set([
  'docker',
  'podman',
  'kubernetes',
  'container',
]);

/** The commands that set a value of the kernel, where they work. */
export function setSysctl(name: string, value: number, { hints }: SystemReport): readonly string[] {
  const line = `${name}=${value}`;
  const commands = [
    `sudo sysctl -w ${line}`,
    `echo ${line} | sudo tee -a /etc/sysctl.d/60-watchkeeper.conf   # to keep it`,
  ];
  if (hints.some(({ kind }) => kind === 'docker-desktop')) {
    return [
      `docker run --rm --privileged alpine sysctl -w ${line}   # in the virtual machine of Docker Desktop`,
    ];
  }
  if (!hints.some(({ kind }) => CONTAINED.has(kind))) return commands;
  return [
    'on the host: a container cannot set it, and all containers of a user share it',
    ...commands,
  ];
}
