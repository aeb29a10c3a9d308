import { readdirSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';

/** Whether open descriptors can be listed on this platform. */
export const canListDescriptors: boolean = process.platform === 'linux';

/** Open descriptors of this process that lead below a directory, deleted files included. */
export function openDescriptors(directory: string): string[] {
  const targets: string[] = [];
  for (const name of readdirSync('/proc/self/fd')) {
    try {
      const target = readlinkSync(`/proc/self/fd/${name}`);
      if (target.startsWith(directory + sep)) targets.push(target);
    } catch (error) {
      // The descriptor that listed the directory is closed by now.
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error;
    }
  }
  return targets;
}
