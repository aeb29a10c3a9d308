import { backendConformance, type ConformanceRunner } from '@watchkeeper/conformance';
import type { ChokidarMajor } from '../src/chokidar-module.ts';
import { createOn } from './versions.ts';

/** The whole kit on one version; a file for each, so that they run side by side. */
export function conformOn(major: ChokidarMajor, runner: ConformanceRunner): void {
  backendConformance(runner, () => createOn(major), {
    module: {
      specifier: import.meta.resolve('./versions.ts'),
      exportName: 'createOn',
      arguments: [major],
    },
    relax: {
      'name-with-backslash':
        'chokidar takes a backslash for a separator on every system; such a directory is told as degraded',
    },
  });
}
