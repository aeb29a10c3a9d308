import { nameOf, parentPath } from './abs-path.ts';
import type { AbsPath } from './entry.ts';
import { isWatchError } from './errors.ts';
import { look, type SlowLane } from './look.ts';
import { answersAtOnce } from './place.ts';
import { resolvePath, type Look, type Resolution } from './resolver.ts';
import type { ScopeRegistry } from './scope-registry.ts';

/**
 * A path directly in a directory that is watched already needs no walk: the directory is known to be
 * real. Only what the path itself is remains to be seen.
 */
function resolveInKnownDirectory(
  path: AbsPath,
  follow: boolean,
  registry: ScopeRegistry,
): Resolution | null {
  const directory = parentPath(path);
  if (directory === path || registry.findNames(directory) === undefined) return null;
  if (!answersAtOnce(directory)) return null;
  const found = look(path);
  if (isWatchError(found) || (follow && found?.type === 'symlink')) return null;
  if (found?.type === 'directory') {
    return { links: [], target: { kind: 'directory', root: path, stat: found } };
  }
  return { links: [], target: { kind: 'entry', directory, name: nameOf(path), stat: found } };
}

/** Finds where a path leads: at once where the file system answers at once, else later. */
export function resolveNow(
  path: AbsPath,
  follow: boolean,
  registry: ScopeRegistry,
  lane: SlowLane,
): Resolution | Promise<Resolution> {
  const known = resolveInKnownDirectory(path, follow, registry);
  if (known !== null) return known;
  const steps = resolvePath(path, follow);
  let step = steps.next();
  while (step.done !== true) {
    if (!answersAtOnce(step.value)) return resolveLater(steps, step.value, lane);
    step = steps.next(look(step.value));
  }
  return step.value;
}

async function resolveLater(
  steps: Generator<AbsPath, Resolution, Look>,
  first: AbsPath,
  lane: SlowLane,
): Promise<Resolution> {
  let step = steps.next(await lane.look(first));
  while (step.done !== true) step = steps.next(await lane.look(step.value));
  return step.value;
}
