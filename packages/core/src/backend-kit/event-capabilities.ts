import type { Capabilities } from '../backend.ts';
import type { Place } from '../place.ts';

/** What a backend promises on one operating system, wherever the place lies. */
export type EventPromises = Omit<Capabilities, 'foreignWrites'>;

/**
 * The capabilities of a backend that lives on the events of the operating system: its promises for the
 * platform, and writes of other hosts unseen where there may be any, because no kernel tells of them.
 * Platforms other than the three are taken for `linux`.
 */
export function eventCapabilities(
  place: Place,
  promises: Readonly<Record<'linux' | 'darwin' | 'win32', EventPromises>>,
): Capabilities {
  const { platform, shared } = place;
  const foreignWrites = shared === 'unknown' ? 'unknown' : shared ? 'unseen' : 'seen';
  const known = platform === 'darwin' || platform === 'win32' ? platform : 'linux';
  return { ...promises[known], foreignWrites };
}

/** Whether the operating system itself watches whole trees (FSEvents, ReadDirectoryChangesW), so that no directory can be missed. */
export function coversTrees(platform: NodeJS.Platform): boolean {
  return platform === 'darwin' || platform === 'win32';
}
