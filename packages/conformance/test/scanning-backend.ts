import { lstatSync, readdirSync, type BigIntStats } from 'node:fs';
import { join, relative, sep } from 'node:path';
import {
  WatchError,
  type AbsPath,
  type OpenRequest,
  type Sink,
  type Subscription,
  type Touch,
  type WatchBackend,
  type WatchErrorCode,
} from '@watchkeeper/core';
import { createManualBackend } from '@watchkeeper/core/testing';

/** What is known of a scope: a fingerprint per path. */
type Snapshot = ReadonlyMap<AbsPath, string>;

function refusal(root: AbsPath, code: WatchErrorCode): WatchError {
  return new WatchError(`Cannot watch ${root}`, { code, backend: 'scanning', paths: [root] });
}

function fingerprint(stats: BigIntStats): string {
  return [
    stats.mode,
    stats.size,
    stats.mtimeNs,
    stats.ctimeNs,
    stats.ino,
    stats.birthtimeNs,
  ].join();
}

function scan(request: OpenRequest): Snapshot {
  const found = new Map<AbsPath, string>();
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name) as AbsPath;
      const name = relative(request.root, path).replaceAll(sep, '/');
      if (request.scope.kind === 'names' && !request.scope.names.has(name)) continue;
      if (request.ignores(name, entry.isDirectory() ? 'directory' : 'file')) continue;
      found.set(path, fingerprint(lstatSync(path, { bigint: true })));
      if (entry.isDirectory() && request.scope.kind === 'tree') visit(path);
    }
  };
  visit(request.root);
  return found;
}

function differences(before: Snapshot, after: Snapshot): Touch[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths]
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => ({ path, reach: 'entry' }));
}

/** The plainest honest backend: it compares two scans whenever it is asked to settle. */
export function createScanningBackend(): WatchBackend {
  const snapshots = new Map<Sink, Snapshot>();
  const throwers = new Set<Sink>();
  const manual = createManualBackend({
    name: 'scanning',
    capabilities: { delivery: 'poll', rootRemoval: 'silent', openFileAppends: 'next-poll' },
    barrier: ({ request, sink, closed }) => {
      const before = snapshots.get(sink) ?? new Map<AbsPath, string>();
      const after = scan(request);
      snapshots.set(sink, after);
      const touches = differences(before, after);
      if (closed || touches.length === 0) return;
      try {
        sink.touched(touches);
      } catch (cause) {
        // A throwing sink is told once; what it throws is its own affair.
        if (throwers.has(sink)) return;
        throwers.add(sink);
        queueMicrotask(() => reportQuietly(sink, cause));
      }
    },
  });
  return {
    ...manual,
    async open(request: OpenRequest, sink: Sink): Promise<Subscription> {
      if (request.signal.aborted) throw refusal(request.root, 'ERR_WATCH_ABORTED');
      const stats = lstatSync(request.root, { throwIfNoEntry: false });
      if (stats === undefined) throw refusal(request.root, 'ERR_WATCH_NOT_FOUND');
      if (!stats.isDirectory()) throw refusal(request.root, 'ERR_WATCH_NOT_DIRECTORY');
      snapshots.set(sink, scan(request));
      const subscription = await manual.open(request, sink);
      if (request.signal.aborted) throw refusal(request.root, 'ERR_WATCH_ABORTED');
      request.signal.addEventListener('abort', () => void subscription.close());
      return subscription;
    },
  };
}

function reportQuietly(sink: Sink, cause: unknown): void {
  try {
    sink.degraded(
      new WatchError('A sink threw', {
        code: 'ERR_WATCH_BACKEND_FAILED',
        effect: 'noted',
        backend: 'scanning',
        cause,
      }),
    );
  } catch {
    // A sink that throws on everything has been told, which is all that is owed.
  }
}
