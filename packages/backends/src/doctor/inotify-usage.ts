import { join } from 'node:path';
import type { MachineReader } from './machine-reader.ts';

/** What the processes of one user hold of inotify, as far as they may be read. */
export interface InotifyUsage {
  /** Watches in use: at least so many. */
  readonly watches: number;
  /** Instances in use: at least so many. */
  readonly instances: number;
  /** Processes of this user that were read. */
  readonly processes: number;
  /** Processes of this user that may not be read. */
  readonly unreadable: number;
}

/** What `/proc/<pid>/fd` shows for a descriptor of inotify. */
const INOTIFY_LINK = 'anon_inode:inotify';

/**
 * Counts the inotify watches and instances of a user by the descriptors of their processes. The kernel
 * does not tell its own count. Processes of another PID namespace, a container's neighbours among them,
 * use up the same limits and cannot be seen.
 */
export function countInotifyUsage(reader: MachineReader, user: number): InotifyUsage | null {
  const pids = reader.names('/proc')?.filter((name) => /^\d+$/.test(name));
  if (pids === undefined) return null;
  const usage = { watches: 0, instances: 0, processes: 0, unreadable: 0 };
  for (const pid of pids) {
    const directory = `/proc/${pid}`;
    if (reader.owner(directory) !== user) continue;
    const open = openOf(reader, directory);
    if (open === null) {
      // A process that has ended since leaves nothing that could be in use.
      if (reader.exists(directory)) usage.unreadable += 1;
      continue;
    }
    usage.processes += 1;
    for (const [descriptor, link] of open) {
      if (link !== INOTIFY_LINK) continue;
      usage.instances += 1;
      const info = reader.text(join(directory, 'fdinfo', descriptor)) ?? '';
      usage.watches += info.match(/^inotify wd:/gm)?.length ?? 0;
    }
  }
  return usage;
}

/** The descriptors of a process with what they are, or `null` when that may not be read. */
function openOf(
  reader: MachineReader,
  process: string,
): readonly (readonly [descriptor: string, link: string])[] | null {
  const descriptors = reader.names(join(process, 'fd'));
  if (descriptors === null) return null;
  const open = descriptors.flatMap((descriptor) => {
    const link = reader.link(join(process, 'fd', descriptor));
    return link === null ? [] : [[descriptor, link] as const];
  });
  // From another user namespace the list can be read, and nothing in it.
  return open.length === 0 && descriptors.length > 0 ? null : open;
}
