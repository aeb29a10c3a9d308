import { readFileSync, readdirSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Worker } from 'node:worker_threads';

/** Handles of Node that a watch may hold: its own, and those of processes it lets watch. */
const WATCHING: ReadonlySet<string> = new Set(['FSEventWrap', 'StatWatcher', 'ProcessWrap']);

/** Worker threads of Node that were started since the first case and have not ended. */
const threads = new Set<Worker>();

/** What this process holds for watching. */
export interface Holdings {
  /** Handles of Node. */
  readonly resources: number;
  /** Worker threads of Node. */
  readonly threads: number;
  /** Child processes of this one, also those that nothing waits for; 0 where there is no procfs. */
  readonly processes: number;
  /** inotify watches of the process, also those of native code; 0 where there is no procfs. */
  readonly kernelWatches: number;
  /** Open descriptors of the process, also those of native code; 0 where there is no procfs. */
  readonly descriptors: number;
}

/** Counts what this process holds now. */
export function countHoldings(): Holdings {
  return {
    resources: process.getActiveResourcesInfo().filter((name) => WATCHING.has(name)).length,
    threads: threads.size,
    processes: countProcesses(),
    kernelWatches: countKernelWatches(),
    descriptors: countDescriptors(),
  };
}

/** Whether no more is held than before. */
export function isReleased(before: Holdings, now: Holdings): boolean {
  return (
    now.resources <= before.resources &&
    now.threads <= before.threads &&
    now.processes <= before.processes &&
    now.kernelWatches <= before.kernelWatches &&
    now.descriptors <= before.descriptors
  );
}

/**
 * Makes what the event loop opens with its first watch and keeps for good, so that no case is blamed for
 * it, and begins to notice threads.
 */
export function warmUp(): void {
  if (!process.listeners('worker').includes(noteThread)) process.on('worker', noteThread);
  watch(tmpdir(), { persistent: false }).close();
}

function noteThread(thread: Worker): void {
  threads.add(thread);
  thread.once('exit', () => threads.delete(thread));
}

function countProcesses(): number {
  if (process.platform !== 'linux') return 0;
  return readdirSync('/proc/self/task').reduce((sum, task) => sum + countChildrenOf(task), 0);
}

function countChildrenOf(task: string): number {
  try {
    const children = readFileSync(`/proc/self/task/${task}/children`, 'utf8');
    return children.split(' ').filter(Boolean).length;
  } catch {
    // The thread has ended, or the kernel was built without this list.
    return 0;
  }
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
