import type { OpenRequest } from '../backend.ts';
import { systemClock } from '../clock.ts';
import type { AbsPath } from '../entry.ts';
import type { Place } from '../place.ts';

/** What a test wants to be different in a request: any part of it but its root, and single facts of its place. */
export interface RequestWish extends Partial<Omit<OpenRequest, 'root' | 'place'>> {
  /** Facts of the place that differ from a local directory of this machine. */
  readonly place?: Partial<Place>;
}

/**
 * Makes a request to hand to a backend in a test: by default for the whole tree below `root`, on a local
 * file system of unknown type, with the real clock, and nothing ignored.
 *
 * @example
 * ```ts
 * const request = createOpenRequest('/tmp/w', { scope: { kind: 'directory' }, place: { shared: true } });
 * const subscription = await backend.open(request, sink);
 * ```
 */
export function createOpenRequest(root: string, wish: RequestWish = {}): OpenRequest {
  const path = root as AbsPath;
  return {
    scope: { kind: 'tree' },
    ignores: () => false,
    prune: [],
    followSymlinks: false,
    persistent: true,
    pollIntervalMs: 0,
    clock: systemClock,
    signal: new AbortController().signal,
    ...wish,
    root: path,
    place: {
      path,
      platform: process.platform,
      fsType: 'unknown',
      shared: false,
      caseSensitive: true,
      ...wish.place,
    },
  };
}
