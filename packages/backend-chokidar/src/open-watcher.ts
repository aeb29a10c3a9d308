import type { ChokidarEvents, ChokidarOptions, LoadedChokidar } from './chokidar-module.ts';
import { withoutPollingVariables } from './polling-variables.ts';

/** What one owner wants of chokidar: the rest of the options is the same for all. */
export interface WatcherWish extends Pick<
  ChokidarOptions,
  'persistent' | 'ignorePermissionErrors' | 'depth' | 'ignored'
> {
  /** Watch a directory without listing it first, where that can be had. @defaultValue `false` */
  readonly isUnlisted?: boolean;
}

/**
 * A name no listing has. chokidar 4 and 5 take the second argument of `add` for the one entry that is
 * wanted, and then watch the directory at once; else they list it before, and never get ready when that
 * fails, as it does for a directory with a link whose target lies below a file. chokidar 6 watches first
 * and takes no second argument.
 */
const NO_ENTRY = '.';

/** A chokidar watcher on one path. */
export interface OpenWatcher {
  /** Resolves when all handles exist. May never do so after an error. */
  readonly ready: Promise<void>;
  /** Closes it; call it only when `ready` resolved or an error came. Never rejects, and nothing is told after the call. */
  close(): Promise<void>;
}

/**
 * Starts a chokidar watcher that reports every trigger it has and adds no policy of its own: no initial
 * events, no stats, no merging of writes, no links followed, no polling. Its `error` event has a
 * listener from before the path is added until after it is closed.
 */
export function openWatcher(
  { module }: LoadedChokidar,
  path: string,
  { isUnlisted = false, ...wish }: WatcherWish,
  events: Omit<ChokidarEvents, 'ready'>,
): OpenWatcher {
  const watcher = withoutPollingVariables(
    () =>
      new module.FSWatcher({
        ...wish,
        ignoreInitial: true,
        alwaysStat: false,
        atomic: false,
        awaitWriteFinish: false,
        followSymlinks: false,
        usePolling: false,
      }),
  );
  let isOpen = true;
  const { promise: ready, resolve: becomeReady } = Promise.withResolvers<void>();
  const whileOpen =
    <Values extends unknown[]>(listener: (...values: Values) => void) =>
    (...values: Values): void => {
      if (isOpen) listener(...values);
    };
  watcher.on('error', whileOpen(events.error));
  watcher.on('ready', becomeReady);
  watcher.on('raw', whileOpen(events.raw));
  watcher.on('all', whileOpen(events.all));
  if (isUnlisted) watcher.add(path, NO_ENTRY);
  else watcher.add(path);
  return {
    ready,
    async close() {
      isOpen = false;
      const closing = watcher.close();
      // Closing takes every listener away first, and what is under way may still fail.
      watcher.on('error', () => undefined);
      try {
        await closing;
      } catch {
        // chokidar 6 rejects with what one of its handles threw; all of them were closed nevertheless.
      }
    },
  };
}
