import { readdirSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';

import { expect } from 'vitest';

/** Open descriptors of this process that lead below a directory, deleted files included. */
function openDescriptors(directory: string): string[] {
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

/** Asserts how many descriptors are open below a directory, on Linux, where they can be listed. */
export function expectDescriptors(directory: string, count: number): void {
  if (process.platform === 'linux') expect(openDescriptors(directory)).toHaveLength(count);
}
