import { makeManyFiles } from '../fixtures/many-files.ts';
import { defineGroup, type Group } from '../harness/group.ts';
import type { FileWatcher } from '../harness/subject.ts';

/** Interval of everybody who polls. */
const POLL_MS = 1000;

export const group: Group = defineGroup<FileWatcher>({
  name: 'many-files',
  title: 'Watching many files, 100 to a directory: set-up, memory, idle CPU, then 1,000 appends.',
  sizeOf: 'files watched',
  sizes: [{ size: 1000, rounds: 1 }, { size: 10_000 }, { size: 30_000, rounds: 1 }],
  contestants: [
    {
      name: 'nothing',
      role: 'baseline',
      load: async () => (await import('../limits/nothing.ts')).nothing,
    },
    {
      name: 'fs.watch per directory',
      role: 'limit',
      load: async () => (await import('../limits/fs-watch-directories.ts')).fsWatchDirectories,
    },
    {
      name: 'core on fs, each file',
      role: 'ours',
      load: async () => {
        const { createFsBackend } = await import('@watchkeeper/backend-fs');
        return (await import('../ours/path-watcher.ts')).coreOn(createFsBackend());
      },
    },
    {
      name: 'core on fs, each directory',
      role: 'ours',
      load: async () => {
        const { createFsBackend } = await import('@watchkeeper/backend-fs');
        return (await import('../ours/path-watcher.ts')).coreDirectoriesOn(createFsBackend());
      },
    },
    {
      name: 'chokidar',
      role: 'peer',
      package: 'chokidar',
      load: async () => (await import('../peers/chokidar.ts')).chokidar,
    },
    {
      name: '@parcel/watcher',
      role: 'peer',
      package: '@parcel/watcher',
      load: async () => (await import('../peers/parcel-watcher.ts')).parcelWatcher,
    },
    {
      name: 'watchpack',
      role: 'peer',
      package: 'watchpack',
      load: async () => (await import('../peers/watchpack.ts')).watchpack,
    },
    {
      name: 'fs.watchFile 1 s',
      role: 'peer',
      load: async () => (await import('../peers/fs-watch-file.ts')).fsWatchFile(POLL_MS),
    },
    {
      name: 'chokidar polling 1 s',
      role: 'peer',
      package: 'chokidar',
      load: async () => (await import('../peers/chokidar.ts')).chokidarPolling(POLL_MS),
    },
  ],
  measures: [
    {
      key: 'ready',
      label: 'set-up until all are watched',
      unit: 'ms',
      limit: 'fs.watch per directory',
      growth: true,
    },
    {
      key: 'memory',
      label: 'memory (RSS) more than without watching',
      unit: 'MB',
      above: 'nothing',
      growth: true,
    },
    { key: 'idle', label: 'CPU while nothing changes', unit: '%', growth: true },
    { key: 'lost', label: 'appends never told', unit: 'lost' },
  ],
  bars: ['core on fs, each file', 'core on fs, each directory'].flatMap((contestant) => [
    { contestant, key: 'ready', size: 10_000, atMost: 500 },
    { contestant, key: 'memory', size: 10_000, atMost: 25 },
    { contestant, key: 'idle', size: 10_000, atMost: 0.2 },
    { contestant, key: 'lost', size: 10_000, atMost: 0 },
  ]),
  notes: [
    'Memory is read after the garbage was collected, the same way for everybody; what the kernel keeps for a watch belongs to no process and is not in it.',
    'Idle CPU is each process’s own time over the window, all threads and the kernel’s share included; all contestants are idle at the same time.',
    'fs.watchFile and watchpack do not say when they are ready: their set-up ends when a later look has come back, and when no more files become known, asked every 100 ms.',
  ],
  deadlineMs: 180_000,
  prepare: makeManyFiles,
  work: async () => (await import('../workloads/many-files.ts')).work,
});
