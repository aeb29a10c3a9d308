import { createWatcher, type ConfiguredWatcher } from '@watchkeeper/backends';
import { onTestFinished } from 'vitest';

/** The backends that every end-to-end test runs on. */
export const BACKENDS = ['fs', 'poll'] as const;

/** A watcher on one backend and no other, closed when the test is finished. */
export function watcherOn(backend: (typeof BACKENDS)[number]): ConfiguredWatcher {
  const watcher = createWatcher({
    use: backend,
    fallback: false,
    options: { poll: { intervalMs: 50 } },
  });
  onTestFinished(() => watcher.close());
  return watcher;
}
