import { spell, toSpelling } from './abs-path.ts';
import type { AbsPath } from './entry.ts';
import { WatchError } from './errors.ts';
import type { RelativeRepair } from './follower-host.ts';
import type { Footing } from './footing.ts';
import type { Repair } from './scope-listener.ts';

/** A real path in the caller's spelling; as it is where it lies outside of what is watched. */
export function respelledPath(path: string, footing: Footing, watched: string): string {
  const relative = footing.relativePath(path as AbsPath);
  return relative === null ? path : spell(toSpelling(watched), relative);
}

/** An error of a place, with its paths in the caller's spelling. */
export function respelled(error: WatchError, footing: Footing, watched: string): WatchError {
  const paths = error.paths.map((path) => respelledPath(path, footing, watched));
  if (paths.every((path, index) => path === error.paths[index])) return error;
  const { code, effect, retryable, backend, cause, stack } = error;
  const init = { code, effect, retryable, backend, paths, cause };
  const told = new WatchError(error.message, init);
  // The message has the remedy already.
  const remedy = error.remedy === undefined ? {} : { remedy: error.remedy };
  return Object.assign(told, remedy, { stack });
}

/** A repair in paths relative to the watched one; what lies on the way to it concerns all of it. */
export function relativeRepair(repair: Repair, footing: Footing): RelativeRepair {
  const relative = (path: AbsPath): string => footing.relativePath(path) ?? '';
  return { ...repair, under: repair.under.map(relative), unsure: repair.unsure.map(relative) };
}
