import { systemClock, type AbsPath, type OpenRequest, type Place } from '@watchkeeper/core';

/** A local place of this machine. */
export function placeAt(root: string, facts: Partial<Place> = {}): Place {
  return {
    path: root as AbsPath,
    platform: process.platform,
    fsType: 'ext4',
    shared: false,
    caseSensitive: true,
    ...facts,
  };
}

/** A request for a whole tree, with what a test changes about it. */
export function requestFor(root: string, wish: Partial<OpenRequest> = {}): OpenRequest {
  return {
    root: root as AbsPath,
    scope: { kind: 'tree' },
    place: placeAt(root),
    ignores: () => false,
    prune: [],
    followSymlinks: false,
    persistent: true,
    pollIntervalMs: 0,
    clock: systemClock,
    signal: new AbortController().signal,
    ...wish,
  };
}
