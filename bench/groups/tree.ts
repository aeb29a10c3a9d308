import { makeTree } from '../fixtures/tree.ts';
import { defineGroup, type Group } from '../harness/group.ts';
import type { TreeWatcher } from '../harness/subject.ts';

const OURS = 'core on fs';
const WALK = 'readdir + lstat walk';
const CHOKIDAR = 'chokidar';
const SIZE = 100_000;

export const group: Group = defineGroup<TreeWatcher>({
  name: 'tree',
  title: 'Watching a tree, 20 entries to a directory: set-up, memory, then 5,000 files switched.',
  sizeOf: 'entries',
  sizes: [{ size: 10_000, rounds: 1 }, { size: 30_000, rounds: 1 }, { size: SIZE }],
  contestants: [
    {
      name: 'nothing',
      role: 'baseline',
      load: async () => (await import('../limits/nothing.ts')).nothing,
    },
    { name: WALK, role: 'limit', load: async () => (await import('../limits/walk.ts')).walk },
    {
      name: OURS,
      role: 'ours',
      load: async () => {
        const { createFsBackend } = await import('@watchkeeper/backend-fs');
        return (await import('../ours/path-watcher.ts')).coreOn(createFsBackend());
      },
    },
    {
      name: 'core on native',
      role: 'ours',
      package: '@parcel/watcher',
      load: async () => {
        const { createNativeBackend } = await import('@watchkeeper/backend-native');
        return (await import('../ours/path-watcher.ts')).coreOn(createNativeBackend());
      },
    },
    {
      name: CHOKIDAR,
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
  ],
  measures: [
    { key: 'ready', label: 'set-up until watched', unit: 'ms', limit: WALK, growth: true },
    {
      key: 'memory',
      label: 'memory (RSS) more than without watching',
      unit: 'MB',
      above: 'nothing',
      growth: true,
    },
    {
      key: 'burst',
      label: 'burst until all is told',
      unit: 'ms',
      limit: 'nothing',
      growth: true,
    },
    { key: 'lost', label: 'changes never told', unit: 'lost' },
  ],
  bars: [
    { contestant: OURS, key: 'ready', size: SIZE, atMost: 1.5, times: WALK },
    { contestant: OURS, key: 'memory', size: SIZE, atMost: 1, times: CHOKIDAR },
    { contestant: OURS, key: 'burst', size: SIZE, atMost: 1, times: CHOKIDAR },
    { contestant: OURS, key: 'lost', size: SIZE, atMost: 0 },
  ],
  notes: [
    'The burst is 4,000 files removed and written anew, as git does, 500 removed and 500 added, half of these in new directories; its time begins before the first of them and ends when the last of the 5,000 paths was told. With fewer than 10,000 files half of them are switched.',
    'Of who watches nothing the burst is the time that writing it takes; who does not tell of all has none.',
    'watchpack does not say when it is ready: its set-up ends when no more entries become known, asked every 100 ms; and it names no changed file of a watched directory: they are found by comparing the times it has, as a bundler does.',
  ],
  deadlineMs: 180_000,
  prepare: makeTree,
  work: async () => (await import('../workloads/tree.ts')).work,
});
