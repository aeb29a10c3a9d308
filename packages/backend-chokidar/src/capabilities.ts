import type { Capabilities, Place } from '@watchkeeper/core';
import { eventCapabilities, type EventPromises } from '@watchkeeper/core/backend-kit';
import type { ChokidarMajor } from './chokidar-module.ts';

/** What every version has in common everywhere. */
const common = {
  scope: { names: 'native', directory: 'native', tree: 'native' },
  delivery: 'push',
  movedDirectories: 'tracked',
  rootRemoval: 'reported',
  resume: 'none',
} as const satisfies Partial<Capabilities>;

/**
 * inotify, one directory at a time, whatever the version: its raw events are passed on as they come.
 * libuv drops `IN_Q_OVERFLOW`, so no version can tell of a loss.
 */
const linux: EventPromises = {
  ...common,
  loss: 'silent',
  openFileAppends: 'prompt',
  newDirectories: 'covered',
  unref: true,
  costPer: 'directory',
  typicalLatencyMs: 0.5,
  worstLatencyMs: 1000,
};

/** chokidar 6 uses the recursive handles of the system, and keeps no handle on a file. */
const recursive = {
  ...common,
  newDirectories: 'covered',
  openFileAppends: 'on-close',
  unref: true,
  costPer: 'root',
  typicalLatencyMs: 50,
  worstLatencyMs: 2000,
} as const satisfies Partial<Capabilities>;

/**
 * chokidar 4 and 5 hold one handle per entry. They list a new directory before they watch it, and a
 * handle that does not keep the process alive has no `error` listener.
 */
const perEntry = {
  ...common,
  newDirectories: 'gap',
  unref: false,
  costPer: 'entry',
  typicalLatencyMs: 50,
  worstLatencyMs: 2000,
} as const satisfies Partial<Capabilities>;

/** FSEvents, which tells an append when the file is closed; a handle on the file itself (kqueue) tells it at once. */
const darwin: Readonly<Record<'recursive' | 'perEntry', EventPromises>> = {
  recursive: { ...recursive, loss: 'silent' },
  perEntry: { ...perEntry, loss: 'silent', openFileAppends: 'prompt' },
};

/** ReadDirectoryChangesW: a full buffer arrives as an event without a name; NTFS may hold sizes back until close. */
const win32: Readonly<Record<'recursive' | 'perEntry', EventPromises>> = {
  recursive: { ...recursive, loss: 'reported' },
  perEntry: { ...perEntry, loss: 'reported', openFileAppends: 'on-close' },
};

/** What a version of chokidar promises at a place, after what this package adds to it. */
export function capabilitiesAt(place: Place, major: ChokidarMajor): Capabilities {
  const way = major === 6 ? 'recursive' : 'perEntry';
  return eventCapabilities(place, { linux, darwin: darwin[way], win32: win32[way] });
}
