import { createWatcher } from '@watchkeeper/backends';
import type { PathWatcher } from '@watchkeeper/core';

import type { WatchOptions } from '../src/watch-options.ts';

/** A backend that the points of the seed must hold on. */
export interface BackendRow {
  /** Its name. */
  readonly backend: string;
  /** Makes a watcher that uses no other. */
  readonly create: () => PathWatcher;
}

/** Every backend that needs no optional dependency. */
export const BACKENDS: readonly BackendRow[] = [
  { backend: 'fs', create: () => createWatcher({ use: 'fs' }) },
  {
    backend: 'poll',
    create: () => createWatcher({ use: 'poll', options: { poll: { intervalMs: 50 } } }),
  },
];

/** A backend and the timers of a watch. */
export interface Combination extends BackendRow, Pick<WatchOptions, 'debounceMs' | 'maxWaitMs'> {
  /** What the timers are called. */
  readonly timers: string;
}

/** Everything that the points of the seed must hold with. */
export const COMBINATIONS: readonly Combination[] = BACKENDS.flatMap(({ backend, create }) => [
  { backend, create, timers: 'timers 0/0', debounceMs: 0, maxWaitMs: 0 },
  { backend, create, timers: 'default timers' },
]);
