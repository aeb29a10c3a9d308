import { readFileSync, readdirSync } from 'node:fs';

/** Handles of Node that a watch may hold. */
const WATCHING: ReadonlySet<string> = new Set(['FSEventWrap', 'StatWatcher']);

/** What this process holds for watching. */
export interface Holdings {
  /** Handles of Node. */
  readonly resources: number;
  /** inotify watches of the process, also those of native code; 0 where there is no procfs. */
  readonly kernelWatches: number;
}

/** Counts what this process holds now. */
export function countHoldings(): Holdings {
  return {
    resources: process.getActiveResourcesInfo().filter((name) => WATCHING.has(name)).length,
    kernelWatches: countKernelWatches(),
  };
}

/** Whether no more is held than before. */
export function isReleased(before: Holdings, now: Holdings): boolean {
  return now.resources <= before.resources && now.kernelWatches <= before.kernelWatches;
}

function countKernelWatches(): number {
  if (process.platform !== 'linux') return 0;
  return readdirSync('/proc/self/fdinfo').reduce((sum, fd) => sum + countWatchesOf(fd), 0);
}

function countWatchesOf(fd: string): number {
  try {
    const info = readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
    return info.split('\n').filter((line) => line.startsWith('inotify wd:')).length;
  } catch {
    // The descriptor that listed the directory is closed by now; a closed descriptor holds nothing.
    return 0;
  }
}
