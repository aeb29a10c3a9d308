import type { AbsPath, Capabilities } from '@watchkeeper/core';
import type { BackendReport } from '../../../src/doctor/backend-report.ts';
import type { InotifyLimits } from '../../../src/doctor/limit-report.ts';
import type { MachineReader } from '../../../src/doctor/machine-reader.ts';
import type { PlaceFacts } from '../../../src/doctor/place-facts.ts';
import type { SystemReport } from '../../../src/doctor/system-report.ts';

/** A machine made of files: contents by path, links by `->`, `null` for what may not be read. */
export function fakeMachine(files: Readonly<Record<string, string | null>>): MachineReader {
  const paths = Object.keys(files);
  const below = (path: string): readonly string[] =>
    paths.filter((it) => it.startsWith(`${path}/`)).map((it) => it.slice(path.length + 1));
  return {
    text: (path) => files[path] ?? null,
    exists: (path) => path in files || below(path).length > 0,
    names: (path) => {
      if (files[path] === null) return null;
      const names = below(path).map((it) => it.split('/')[0] ?? '');
      return names.length === 0 ? null : [...new Set(names)];
    },
    link: (path) => (files[path]?.startsWith('-> ') === true ? files[path].slice(3) : null),
    owner: (path) => (path.startsWith('/proc/9') ? 9 : 7),
  };
}

/** A plain Linux without a container. */
export const linux: SystemReport = {
  platform: 'linux',
  arch: 'x64',
  kernel: '6.18.0',
  node: '24.21.0',
  hints: [],
};

/** Limits of inotify with so much in use. */
export function inotify(
  watches: number,
  instances: number,
  used: { readonly watches?: number; readonly instances?: number } = {},
): InotifyLimits {
  return {
    watches: { max: watches, setBy: 'fs.inotify' },
    instances: { max: instances, setBy: 'fs.inotify' },
    queueLength: 16_384,
    usage: { watches: 0, instances: 0, processes: 3, unreadable: 0, ...used },
  };
}

/** What inotify promises through `fs`. */
export const eventPromises: Capabilities = {
  scope: { names: 'native', directory: 'native', tree: 'native' },
  delivery: 'push',
  loss: 'silent',
  openFileAppends: 'prompt',
  foreignWrites: 'seen',
  newDirectories: 'covered',
  movedDirectories: 'tracked',
  rootRemoval: 'reported',
  resume: 'none',
  unref: true,
  costPer: 'directory',
  typicalLatencyMs: 0.2,
  worstLatencyMs: 100,
};

/** A backend that works, with what differs. */
export function backend(name: string, wish: Partial<BackendReport> = {}): BackendReport {
  return {
    name,
    role: 'chosen',
    asked: false,
    because: 'it is local',
    version: '1.0.0',
    failure: null,
    capabilities: eventPromises,
    demand: { watches: 100, atLeast: false },
    ...wish,
  };
}

const root = '/data' as AbsPath;

/** A local tree of 100 directories that `fs` watches well, with what differs. */
export function place(wish: Partial<PlaceFacts> = {}): PlaceFacts {
  return {
    path: '/data',
    subject: { kind: 'directory', realPath: '/data', link: null, directory: '/data', detail: null },
    place: { path: root, platform: 'linux', fsType: 'ext4', shared: false, caseSensitive: true },
    mount: null,
    backends: [backend('fs'), backend('poll', { role: 'standby' })],
    tree: { directories: 100, entries: 1000, stoppedBy: null, unreadable: 0 },
    probe: {
      outcome: 'ran',
      because: null,
      directory: '/data/.watchkeeper-doctor-1',
      openMs: 1,
      steps: [{ action: 'create', reportedAfterMs: 0.25, closedFirst: false }],
      failure: null,
    },
    system: linux,
    limits: { inotify: inotify(10_000, 128), openFiles: null },
    hasFallback: true,
    ...wish,
  };
}
