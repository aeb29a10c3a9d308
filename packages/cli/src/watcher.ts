import { createWatcher, loadBackend, optionsFromEnvironment } from '@watchkeeper/backends';
import { PathWatcher } from '@watchkeeper/core';

import type { Settings } from './settings.ts';

/**
 * Makes the watcher a command was asked to use. Named backends are loaded before anything is watched,
 * so that a misspelt name is a failure of the command and not a silent fallback. Their options in the
 * environment hold all the same.
 */
export async function openWatcher(settings: Pick<Settings, 'backends'>): Promise<PathWatcher> {
  if (settings.backends === null) return createWatcher();
  const backends = await Promise.all(
    settings.backends.map((name) => loadBackend(name, optionsFromEnvironment(name))),
  );
  return new PathWatcher({ backends, fallback: 'next' });
}
