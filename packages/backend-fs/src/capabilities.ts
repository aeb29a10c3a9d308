import type { Capabilities, Place } from '@watchkeeper/core';
import { eventCapabilities, type EventPromises } from '@watchkeeper/core/backend-kit';

/** What every platform has in common. */
const common = {
  scope: { names: 'native', directory: 'native', tree: 'native' },
  delivery: 'push',
  newDirectories: 'covered',
  movedDirectories: 'tracked',
  rootRemoval: 'reported',
  resume: 'none',
  unref: true,
} as const satisfies Partial<Capabilities>;

/**
 * inotify. `loss` is `silent` because libuv drops `IN_Q_OVERFLOW`; an overflow is inferred from the
 * length of a burst, which is no promise.
 */
const linux: EventPromises = {
  ...common,
  loss: 'silent',
  openFileAppends: 'prompt',
  costPer: 'directory',
  typicalLatencyMs: 0.2,
  worstLatencyMs: 100,
};

/** FSEvents: an append through a descriptor that stays open is told when it is closed. */
const darwin: EventPromises = {
  ...common,
  loss: 'silent',
  openFileAppends: 'on-close',
  costPer: 'root',
  typicalLatencyMs: 50,
  worstLatencyMs: 1000,
};

/** ReadDirectoryChangesW: a full buffer arrives as an event without a name; NTFS may hold sizes back until close. */
const win32: EventPromises = {
  ...common,
  loss: 'reported',
  openFileAppends: 'on-close',
  costPer: 'root',
  typicalLatencyMs: 5,
  worstLatencyMs: 1000,
};

/** What `fs.watch` promises at a place. */
export function capabilitiesAt(place: Place): Capabilities {
  return eventCapabilities(place, { linux, darwin, win32 });
}
