import { WatchError } from './errors.ts';

/** A watch that ended because somebody wanted it to, and what was waited for will not come. */
export function endedBy(
  path: string,
  code: 'ERR_WATCH_CLOSED' | 'ERR_WATCH_ABORTED',
  what: string,
): WatchError {
  return new WatchError(`The watch on ${path} ${what}`, { code, backend: 'core', paths: [path] });
}

/** Whether a watch ended because somebody wanted it to. */
export function isWanted(error: WatchError | null): boolean {
  return error?.code === 'ERR_WATCH_CLOSED' || error?.code === 'ERR_WATCH_ABORTED';
}

/** More changes waited than may wait. */
export function queueFull(path: string, maxQueuedPaths: number): WatchError {
  const message = `More than ${maxQueuedPaths} changed paths of the watch on ${path} waited for a consumer`;
  return new WatchError(message, {
    code: 'ERR_WATCH_QUEUE_FULL',
    effect: 'noted',
    backend: 'core',
    paths: [path],
    remedy: 'look at everything again, and read faster or raise maxQueuedPaths',
  });
}
