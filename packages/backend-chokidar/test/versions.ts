import type { WatchBackend } from '@watchkeeper/core';
import { createChokidarBackendOn, type ChokidarEnvironment } from '../src/chokidar-backend.ts';
import { identify, type ChokidarMajor } from '../src/chokidar-module.ts';
import type { ChokidarBackendOptions } from '../src/options.ts';

/** Every chokidar this package works with. */
export const environments: Readonly<Record<ChokidarMajor, ChokidarEnvironment>> = {
  4: { load: async () => identify(await import('chokidar-4'), 'chokidar-4'), pools: new WeakMap() },
  5: { load: async () => identify(await import('chokidar-5'), 'chokidar-5'), pools: new WeakMap() },
  6: { load: async () => identify(await import('chokidar'), 'chokidar'), pools: new WeakMap() },
};

/** Their numbers, as rows of a table. */
export const majors: readonly ChokidarMajor[] = [4, 5, 6];

/** The backend on one of them. */
export function createOn(major: ChokidarMajor, options: ChokidarBackendOptions = {}): WatchBackend {
  return createChokidarBackendOn(environments[major], options);
}
