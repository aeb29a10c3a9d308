import { checkKeys, expectNumber } from '@watchkeeper/core/backend-kit';

/** How often the identity of a watched root is compared: chokidar 4 and 5 stay silent when it goes, and renaming an ancestor sends no event at all. */
export const ROOT_CHECK_MS = 2000;

/** Directories that get their watcher at the same time: as many as keep the thread pool busy, and few enough descriptors for a low `ulimit -n`. */
export const COVERING_AT_ONCE = 16;

/** Longest wait for chokidar 4 or 5 to finish opening before it is closed: a close in between leaks a handle (chokidar issue 1482), and a stuck disk must not hold a close for ever. */
export const CLOSE_GRACE_MS = 1000;

/** Options of {@link createChokidarBackend}. They cannot change after the backend was made. */
export interface ChokidarBackendOptions {
  /**
   * Time between two looks at the root itself, in milliseconds, at least 50. The removal of a root is
   * told by an event as a rule; this finds the rest (a renamed ancestor, an unmounted disk) and tries
   * directories again that could not be watched.
   *
   * @defaultValue `2000`
   */
  readonly rootCheckMs?: number;
}

/** Options with every default filled in. */
export interface ResolvedChokidarOptions {
  readonly rootCheckMs: number;
}

/** Every option; a key that is missing here does not compile. */
const KEYS: Readonly<Record<keyof ChokidarBackendOptions, true>> = { rootCheckMs: true };

/** Checks the options and fills the defaults in. */
export function resolveOptions(options: ChokidarBackendOptions): ResolvedChokidarOptions {
  checkKeys('createChokidarBackend', options, Object.keys(KEYS));
  const { rootCheckMs = ROOT_CHECK_MS } = options;
  return {
    rootCheckMs: expectNumber('createChokidarBackend', 'rootCheckMs', rootCheckMs, {
      wanted: 'a number of milliseconds from 50',
      from: 50,
    }),
  };
}
