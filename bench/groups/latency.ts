import { defineGroup, type Group } from '../harness/group.ts';
import type { FileWatcher, LineFollower } from '../harness/subject.ts';
import type { LatencySubject } from '../workloads/latency.ts';

const callback = (watcher: FileWatcher): LatencySubject => ({ hears: 'callback', ...watcher });
const line = (follower: LineFollower): LatencySubject => ({ hears: 'line', ...follower });

/** Interval of `fs.watchFile`: ten times as often as anybody would poll, and still slow. */
const WATCH_FILE_MS = 100;

export const group: Group = defineGroup<LatencySubject>({
  name: 'latency',
  title: 'Time from an append by another process until it is told, debounce 0, 500 appends.',
  sizeOf: 'files watched, one of them written',
  sizes: [{ size: 1 }, { size: 10, rounds: 1 }, { size: 100, rounds: 1 }],
  contestants: [
    {
      name: 'fs.watch callback',
      role: 'limit',
      load: async () => callback((await import('../limits/fs-watch-callback.ts')).fsWatchCallback),
    },
    {
      name: 'fs.watch + readSync',
      role: 'limit',
      load: async () => line((await import('../limits/fs-watch-read.ts')).fsWatchRead),
    },
    {
      name: 'core on fs',
      role: 'ours',
      load: async () => {
        const { createFsBackend } = await import('@watchkeeper/backend-fs');
        return callback((await import('../ours/path-watcher.ts')).coreOn(createFsBackend()));
      },
    },
    {
      name: 'core on native',
      role: 'ours',
      package: '@parcel/watcher',
      load: async () => {
        const { createNativeBackend } = await import('@watchkeeper/backend-native');
        return callback((await import('../ours/path-watcher.ts')).coreOn(createNativeBackend()));
      },
    },
    {
      name: 'core on chokidar',
      role: 'ours',
      package: 'chokidar',
      load: async () => {
        const { createChokidarBackend } = await import('@watchkeeper/backend-chokidar');
        return callback((await import('../ours/path-watcher.ts')).coreOn(createChokidarBackend()));
      },
    },
    {
      name: 'core on poll, 1 s',
      role: 'ours',
      load: async () => {
        const { createPollBackend } = await import('@watchkeeper/backend-poll');
        return callback((await import('../ours/path-watcher.ts')).coreOn(createPollBackend()));
      },
    },
    {
      name: 'tail',
      role: 'ours',
      load: async () => line((await import('../ours/tailer.ts')).tailer),
    },
    {
      name: 'npm tail',
      role: 'peer',
      package: 'tail',
      load: async () => line((await import('../peers/tail.ts')).npmTail),
    },
    {
      name: '@logdna/tail-file',
      role: 'peer',
      package: '@logdna/tail-file',
      load: async () => line((await import('../peers/tail-file.ts')).logdnaTailFile),
    },
    {
      name: 'chokidar + read',
      role: 'peer',
      package: 'chokidar',
      load: async () => {
        const { chokidar } = await import('../peers/chokidar.ts');
        return line((await import('../peers/reading.ts')).reading(chokidar));
      },
    },
    {
      name: '@parcel/watcher + read',
      role: 'peer',
      package: '@parcel/watcher',
      load: async () => {
        const { parcelWatcher } = await import('../peers/parcel-watcher.ts');
        return line((await import('../peers/reading.ts')).reading(parcelWatcher));
      },
    },
    {
      name: 'fs.watchFile 100 ms + read',
      role: 'peer',
      load: async () => {
        const { fsWatchFile } = await import('../peers/fs-watch-file.ts');
        return line((await import('../peers/reading.ts')).reading(fsWatchFile(WATCH_FILE_MS)));
      },
    },
  ],
  measures: [
    {
      key: 'callback.p50',
      label: 'append to callback',
      unit: 'ms',
      p99: 'callback.p99',
      limit: 'fs.watch callback',
      growth: true,
    },
    {
      key: 'line.p50',
      label: 'append to line',
      unit: 'ms',
      p99: 'line.p99',
      limit: 'fs.watch + readSync',
      growth: true,
    },
    { key: 'lost', label: 'appends never told', unit: 'lost' },
  ],
  bars: [
    {
      contestant: 'core on fs',
      key: 'callback.p50',
      size: 1,
      atMost: 1.5,
      times: 'fs.watch callback',
    },
    { contestant: 'tail', key: 'line.p50', size: 1, atMost: 1.5, times: 'fs.watch + readSync' },
    { contestant: 'tail', key: 'line.p99', size: 1, atMost: 5 },
    { contestant: 'tail', key: 'line.p50', size: 1, atMost: 0.5, times: 'npm tail' },
    { contestant: 'tail', key: 'line.p50', size: 1, atMost: 0.05, times: 'chokidar + read' },
    {
      contestant: 'tail',
      key: 'line.p50',
      size: 1,
      atMost: 0.05,
      times: '@parcel/watcher + read',
    },
  ],
  notes: [
    'The time begins right before the write, by the monotonic clock that both processes share, and ends when the contestant calls back.',
    'A callback that does not say how long the file is counts for every append before it, which can only flatter whoever batches.',
    '@parcel/watcher waits for 50 ms without an event, at most for 500 ms: in a stream of appends like this one it tells late; core on native waits for it.',
    'The watchers of others are measured with the read that their user needs; on this scale it costs nothing.',
  ],
  deadlineMs: 60_000,
  prepare: () => {},
  work: async () => (await import('../workloads/latency.ts')).work,
});
