import type { FollowerHost } from './follower-host.ts';
import { Footing, noFooting } from './footing.ts';
import type { Slot, SlotListener } from './names-scope.ts';
import type { Hinge, Resolution } from './resolver.ts';
import { TreeScope, type TreeListener } from './tree-scope.ts';

/** Who takes places on the way of a path. */
export type Holder = SlotListener & TreeListener;

function joinName({ directory, name, stat }: Hinge, host: FollowerHost, holder: Holder): Slot {
  const scope = host.environment.registry.names(directory, name);
  const slot = scope.join(name, holder, stat);
  if (host.referenced) scope.reference(1);
  return slot;
}

/** Joins what a path stands on; of the directories in `joined` the holder is part already. */
export function joinFooting(
  { links, target }: Resolution,
  host: FollowerHost,
  holder: Holder,
  joined: readonly unknown[],
): Footing {
  const passed =
    links.length === 0 ? noFooting.passed : links.map((hinge) => joinName(hinge, host, holder));
  if (target.kind !== 'directory') {
    const slot = joinName(target, host, holder);
    return target.kind === 'entry'
      ? new Footing(passed, slot)
      : new Footing([...passed, slot], null);
  }
  const { recursive, ignore } = host.settings;
  const kind = recursive ? 'tree' : 'directory';
  const scope = host.environment.registry.tree(target.root, target.stat, kind, ignore);
  if (!joined.includes(scope)) {
    scope.join(holder);
    if (host.referenced) scope.reference(1);
  }
  return new Footing(passed, scope);
}

/** Leaves the names that a path stood on. */
export function leaveNames({ slots }: Footing, host: FollowerHost, holder: Holder): void {
  for (const slot of slots) {
    if (host.referenced) slot.scope.reference(-1);
    slot.scope.leave(slot, holder);
  }
}

/** Leaves a directory, unless it is one of those that are needed. */
export function leaveTree(
  end: Slot | TreeScope | null,
  host: FollowerHost,
  holder: Holder,
  needed: readonly unknown[],
): void {
  if (!(end instanceof TreeScope) || needed.includes(end)) return;
  if (host.referenced) end.reference(-1);
  end.leave(holder);
}
