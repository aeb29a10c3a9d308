import type { AbsPath } from '@watchkeeper/core';
import type { Lane, Stay } from './cadence.ts';
import { PolledEntry } from './polled-entry.ts';

/** Everything that is looked at: a tree by name, and the lanes by which it is swept. The root is in no lane: every sweep starts with it. */
export class EntryTable {
  readonly root: PolledEntry;
  readonly #lanes: Readonly<Record<Lane, Set<PolledEntry>>> = {
    hot: new Set(),
    warm: new Set(),
    cold: new Set(),
  };

  constructor(root: AbsPath) {
    this.root = new PolledEntry(root, '', null);
  }

  get counts(): Readonly<Record<Lane, number>> {
    return {
      hot: this.#lanes.hot.size,
      warm: this.#lanes.warm.size,
      cold: this.#lanes.cold.size,
    };
  }

  /** The entries of a lane; what joins it while they are gone through comes last. */
  inLane(lane: Lane): ReadonlySet<PolledEntry> {
    return this.#lanes[lane];
  }

  add(parent: PolledEntry, name: string): PolledEntry {
    const entry = parent.adopt(name);
    this.#lanes[entry.lane].add(entry);
    return entry;
  }

  move(entry: PolledEntry, { lane, until }: Stay): void {
    entry.laneUntil = until;
    if (entry.lane === lane) return;
    if (entry.parent !== null) {
      this.#lanes[entry.lane].delete(entry);
      this.#lanes[lane].add(entry);
    }
    entry.lane = lane;
  }

  /** Takes an entry out, with everything below it. */
  remove(entry: PolledEntry): void {
    this.removeBelow(entry);
    entry.removed = true;
    this.#lanes[entry.lane].delete(entry);
    entry.parent?.disown(entry.name);
  }

  removeBelow(entry: PolledEntry): void {
    const pending = [...entry.disownAll()];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      next.removed = true;
      this.#lanes[next.lane].delete(next);
      for (const child of next.disownAll()) pending.push(child);
    }
  }
}
