import { readFileSync, readdirSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';

/** Handles of Node that a watch may hold. */
const WATCHING: ReadonlySet<string> = new Set(['FSEventWrap', 'StatWatcher']);

/** What this process holds for watching. */
export interface Holdings {
  /** Handles of Node. */
  readonly resources: number;
  /** inotify watches of the process, also those of native code; 0 where there is no procfs. */
  readonly kernelWatches: number;
  /** Open descriptors of the process, also those of native code; 0 where there is no procfs. */
  readonly descriptors: number;
}

/** Counts what this process holds now. */
export function countHoldings(): Holdings {
  return {
    resources: process.getActiveResourcesInfo().filter((name) => WATCHING.has(name)).length,
    kernelWatches: countKernelWatches(),
    descriptors: countDescriptors(),
  };
}

/** Whether no more is held than before. */
export function isReleased(before: Holdings, now: Holdings): boolean {
  return (
    now.resources <= before.resources &&
    now.kernelWatches <= before.kernelWatches &&
    now.descriptors <= before.descriptors
  );
}

/** Makes what the event loop opens with its first watch and keeps for good, so that no case is blamed for it. */
export function warmUp(): void {
  watch(tmpdir(), { persistent: false }).close();
}

function countDescriptors(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
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
