import { makeManyFiles } from '../fixtures/many-files.ts';
import { defineGroup, type Group } from '../harness/group.ts';
import type { FileWatcher } from '../harness/subject.ts';

/** Interval of everybody. */
const POLL_MS = 1000;

const OURS = 'core on poll';
const SWEEP = 'statSync sweep';
const SIZE = 10_000;

export const group: Group = defineGroup<FileWatcher>({
  name: 'polling',
  title: 'Polling many files once a second: 100 of them written every 100 ms, others once.',
  sizeOf: 'files polled',
  sizes: [{ size: 1000, rounds: 1 }, { size: SIZE }, { size: 30_000, rounds: 1 }],
  contestants: [
    {
      name: 'nothing',
      role: 'baseline',
      load: async () => (await import('../limits/nothing.ts')).nothing,
    },
    {
      name: SWEEP,
      role: 'limit',
      load: async () => (await import('../limits/stat-sweep.ts')).statSweep,
    },
    {
      name: OURS,
      role: 'ours',
      load: async () => {
        const { createPollBackend } = await import('@watchkeeper/backend-poll');
        const { coreOn } = await import('../ours/path-watcher.ts');
        return coreOn(createPollBackend({ intervalMs: POLL_MS }));
      },
    },
    {
      name: 'fs.watchFile',
      role: 'peer',
      load: async () => (await import('../peers/fs-watch-file.ts')).fsWatchFile(POLL_MS),
    },
    {
      name: 'chokidar polling',
      role: 'peer',
      package: 'chokidar',
      load: async () => (await import('../peers/chokidar.ts')).chokidarPolling(POLL_MS),
    },
  ],
  measures: [
    { key: 'busy', label: 'CPU, hot and cold mixed', unit: '%', limit: SWEEP, growth: true },
    { key: 'idle', label: 'CPU while nothing changes', unit: '%', limit: SWEEP, growth: true },
    { key: 'hold', label: 'longest hold of the event loop, p99', unit: 'ms', growth: true },
    {
      key: 'detection.p50',
      label: 'change of a cold file until told',
      unit: 'ms',
      p99: 'detection.p99',
    },
    { key: 'detection.max', label: 'the same, longest', unit: 'ms' },
    { key: 'lost', label: 'changes never told', unit: 'lost' },
  ],
  bars: [
    { contestant: OURS, key: 'busy', size: SIZE, atMost: 0.35, times: SWEEP },
    { contestant: OURS, key: 'busy', size: SIZE, atMost: 0.3, times: 'fs.watchFile' },
    { contestant: OURS, key: 'hold', size: SIZE, atMost: 4 },
    { contestant: OURS, key: 'detection.max', size: SIZE, atMost: 5000 },
    { contestant: OURS, key: 'lost', size: SIZE, atMost: 0 },
  ],
  notes: [
    'CPU is the process’s own time, all threads and the kernel’s share included. The idle windows of all contestants run at once; everything else is measured alone.',
    'A hold is the longest of each 100 ms; the figure is the 99th percentile of those. The sweep holds once a second, so that its holds are in it. The holds of nothing are what the machine adds to everybody.',
  ],
  deadlineMs: 120_000,
  prepare: makeManyFiles,
  work: async () => (await import('../workloads/polling.ts')).work,
});
