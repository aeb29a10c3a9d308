import type { Capabilities, Place } from '@watchkeeper/core';

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
const linux: Omit<Capabilities, 'foreignWrites'> = {
  ...common,
  loss: 'silent',
  openFileAppends: 'prompt',
  costPer: 'directory',
  typicalLatencyMs: 0.2,
  worstLatencyMs: 100,
};

/** FSEvents: an append through a descriptor that stays open is told when it is closed. */
const darwin: Omit<Capabilities, 'foreignWrites'> = {
  ...common,
  loss: 'silent',
  openFileAppends: 'on-close',
  costPer: 'root',
  typicalLatencyMs: 50,
  worstLatencyMs: 1000,
};

/** ReadDirectoryChangesW: a full buffer arrives as an event without a name; NTFS may hold sizes back until close. */
const windows: Omit<Capabilities, 'foreignWrites'> = {
  ...common,
  loss: 'reported',
  openFileAppends: 'on-close',
  costPer: 'root',
  typicalLatencyMs: 5,
  worstLatencyMs: 1000,
};

/** What `fs.watch` promises at a place. */
export function capabilitiesAt(place: Place): Capabilities {
  const foreignWrites =
    place.shared === 'unknown' ? 'unknown' : place.shared ? 'unseen' : ('seen' as const);
  if (place.platform === 'darwin') return { ...darwin, foreignWrites };
  if (place.platform === 'win32') return { ...windows, foreignWrites };
  return { ...linux, foreignWrites };
}

/** Whether one handle covers a whole tree at the platform. */
export function watchesTreesNatively(platform: NodeJS.Platform): boolean {
  return platform === 'darwin' || platform === 'win32';
}
