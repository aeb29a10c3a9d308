import type { WatchBackend } from '@watchkeeper/core';
import { capabilitiesOf } from './capabilities.ts';
import { cpuMeter, type CpuMeter } from './cpu-meter.ts';
import { diskReader, type DiskReader } from './disk-reader.ts';
import { resolveOptions, type PollBackendOptions } from './options.ts';
import { BACKEND_NAME } from './poll-failure.ts';
import { PollSubscription } from './poll-subscription.ts';
import { PollWorks } from './poll-works.ts';

/**
 * Makes a backend that looks instead of listening, for places where events stay silent: NFS, SMB,
 * bind mounts of a virtual machine, FUSE. It compares type, size, times and identity, so a same-sized
 * rewrite and a file with an older date are found, and every touch carries its stat.
 *
 * A place that only this machine writes to is read synchronously in short slices; anything else
 * asynchronously, few reads at a time and fewer on each device, so that a dead server stalls nothing else.
 *
 * @throws TypeError when an option is outside its range.
 *
 * @example
 * ```ts
 * import { PathWatcher } from '@watchkeeper/core';
 * import { createPollBackend } from '@watchkeeper/backend-poll';
 *
 * const watcher = new PathWatcher({ backends: [createPollBackend({ intervalMs: 500 })] });
 * const watch = watcher.watch('.');
 * watch.on('batch', ({ changes }) => console.log(changes.map(({ kind, path }) => [kind, path])));
 * await watch.ready;
 * await watcher.close();
 * ```
 */
export function createPollBackend(options: PollBackendOptions = {}): WatchBackend {
  return createPollBackendOn(diskReader, options);
}

/** The same on another disk, for tests of what a disk does rarely. */
export function createPollBackendOn(
  reader: DiskReader,
  options: PollBackendOptions = {},
  cpu: CpuMeter = cpuMeter,
): WatchBackend {
  const resolved = resolveOptions(options);
  const works = new PollWorks(resolved, reader, cpu);
  return {
    name: BACKEND_NAME,
    probe: () => Promise.resolve({ usable: true, version: `node ${process.versions.node}` }),
    capabilities: () => capabilitiesOf(resolved),
    open: (request, sink) => PollSubscription.open(request, sink, works),
  };
}
