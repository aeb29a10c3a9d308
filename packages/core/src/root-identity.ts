import type { EntryStat } from './entry.ts';
import { sameIdentity } from './verdict.ts';

/** Which directory the root of a scope is: a name may pass to another one. */
export class RootIdentity {
  #stat: EntryStat | null;

  constructor(stat: EntryStat | null) {
    this.#stat = stat;
  }

  /** What the directory was when it was first looked at; `null` before. */
  get stat(): EntryStat | null {
    return this.#stat;
  }

  /** Whether a look found the same directory; the first one that is found is the one. */
  accepts(found: EntryStat | null): boolean {
    if (found?.type !== 'directory') return false;
    this.#stat ??= found;
    return sameIdentity(this.#stat, found);
  }
}
