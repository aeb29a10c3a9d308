import type { Capabilities, Place } from '@watchkeeper/core';
import { eventCapabilities, type EventPromises } from '@watchkeeper/core/backend-kit';

/** What every platform has in common. */
const common = {
  scope: { names: 'filtered', directory: 'filtered', tree: 'native' },
  delivery: 'push',
  newDirectories: 'covered',
  movedDirectories: 'tracked',
  rootRemoval: 'reported',
  resume: 'none',
  // The binding's callback holds the event loop and offers no way to let it go.
  unref: false,
} as const satisfies Partial<Capabilities>;

/**
 * inotify. The binding sees `IN_Q_OVERFLOW` and drops it (`linux/InotifyBackend.cc`). A burst is
 * delivered after 50 ms of quiet, or at the latest 500 ms after the one before.
 */
const linux: EventPromises = {
  ...common,
  loss: 'silent',
  openFileAppends: 'prompt',
  costPer: 'directory',
  typicalLatencyMs: 51,
  worstLatencyMs: 1000,
};

/** FSEvents: an append through a descriptor that stays open is told when it is closed. */
const darwin: EventPromises = {
  ...common,
  loss: 'reported',
  openFileAppends: 'on-close',
  costPer: 'root',
  typicalLatencyMs: 100,
  worstLatencyMs: 2000,
};

/** ReadDirectoryChangesW: NTFS may hold sizes back until the file is closed. */
const win32: EventPromises = {
  ...common,
  loss: 'reported',
  openFileAppends: 'on-close',
  costPer: 'root',
  typicalLatencyMs: 55,
  worstLatencyMs: 1000,
};

/** What the binding promises at a place, after what this package adds to it. */
export function capabilitiesAt(place: Place): Capabilities {
  return eventCapabilities(place, { linux, darwin, win32 });
}
