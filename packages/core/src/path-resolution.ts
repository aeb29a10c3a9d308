import { nameOf, parentPath } from './abs-path.ts';
import type { AbsPath } from './entry.ts';
import { isWatchError } from './errors.ts';
import { look, type SlowLane } from './look.ts';
import { answersAtOnce } from './place.ts';
import { resolvePath, type Look, type Resolution } from './resolver.ts';
import type { ScopeRegistry } from './scope-registry.ts';

const noLinks: Resolution['links'] = [];

/**
 * A path directly in a directory that is watched already needs no walk: the directory is known to be
 * real. Only what the path itself is remains to be seen.
 */
function resolveInKnownDirectory(
  path: AbsPath,
  follow: boolean,
  registry: ScopeRegistry,
  unseen: boolean,
): Resolution | null {
  const directory = parentPath(path);
  const scope = directory === path ? undefined : registry.findNames(directory, nameOf(path));
  if (scope === undefined || !answersAtOnce(directory)) return null;
  if (unseen && scope.state === 'opening') {
    // The scope looks at everything once it is open: what was seen before would be seen twice.
    return {
      links: noLinks,
      target: { kind: 'entry', directory, name: nameOf(path), stat: null },
    };
  }
  const found = look(path);
  if (isWatchError(found) || (follow && found?.type === 'symlink')) return null;
  if (found?.type === 'directory') {
    return { links: noLinks, target: { kind: 'directory', root: path, stat: found } };
  }
  return { links: noLinks, target: { kind: 'entry', directory, name: nameOf(path), stat: found } };
}

/**
 * Finds where a path leads: at once where the file system answers at once, else later. With `unseen`
 * a name in a directory whose scope is still opening is not looked at: its end may turn out to lead on.
 */
export function resolveNow(
  path: AbsPath,
  follow: boolean,
  registry: ScopeRegistry,
  lane: SlowLane,
  unseen = false,
): Resolution | Promise<Resolution> {
  const known = resolveInKnownDirectory(path, follow, registry, unseen);
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
