import type { WatchBackend } from '@watchkeeper/core';
import { capabilitiesAt } from './capabilities.ts';
import { FsSubscription } from './fs-subscription.ts';
import { resolveOptions, type FsBackendOptions } from './options.ts';
import { QueuePressure, readQueueLength } from './queue-pressure.ts';
import { BACKEND_NAME } from './watch-failure.ts';

/**
 * Makes a backend on `fs.watch`: one handle per directory on Linux, one recursive handle per tree on
 * macOS and Windows. An append reaches the sink in the same turn of the event loop in which Node
 * learns of it.
 *
 * Nothing is opened before the first `open`. Writes made by another host (NFS, SMB, a virtual
 * machine's shared folder) are not seen; poll there.
 *
 * @throws TypeError when an option is not a number of milliseconds in its range.
 *
 * @example
 * ```ts
 * import { PathWatcher } from '@watchkeeper/core';
 * import { createFsBackend } from '@watchkeeper/backend-fs';
 *
 * const watcher = new PathWatcher({ backends: [createFsBackend()] });
 * const watch = watcher.watch('.', { recursive: true });
 * watch.on('batch', ({ changes }) => console.log(changes.map(({ kind, path }) => [kind, path])));
 * await watch.ready;
 * await watcher.close();
 * ```
 */
export function createFsBackend(options: FsBackendOptions = {}): WatchBackend {
  const resolved = resolveOptions(options);
  const pressure = new QueuePressure(readQueueLength());
  return {
    name: BACKEND_NAME,
    probe: () => Promise.resolve({ usable: true, version: `node ${process.versions.node}` }),
    capabilities: capabilitiesAt,
    open: (request, sink) => FsSubscription.open(request, sink, resolved, pressure),
  };
}
