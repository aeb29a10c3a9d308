import type { Audited, Known } from './audited.ts';
import type { AbsPath } from './entry.ts';
import { isWatchError } from './errors.ts';
import type { Answer, Ask, Steps } from './look.ts';
import type { Look } from './resolver.ts';
import { verdict } from './verdict.ts';

/** Differences kept for a second look: one proof is enough, so a sample of what a storm leaves will do. */
export const MAX_SUSPECTS = 64;

/** One path that was not as it was known to be, with what was known of it then. */
export interface Suspect {
  /** The path. */
  readonly path: AbsPath;
  /** What was known when it differed. */
  readonly known: Known;
}

/** One comparison of a scope with the disk, from its first entry to its last. */
export class AuditRound {
  readonly #steps: Steps;
  readonly #suspects = new Map<AbsPath, Known>();
  #answer: Answer = [];

  constructor(scope: Audited) {
    this.#steps = scope.audit((path, known) => {
      if (this.#suspects.size < MAX_SUSPECTS) this.#suspects.set(path, known);
    });
  }

  /** What it wants to know next; `null` when it is complete. */
  next(): Ask | null {
    const step = this.#steps.next(this.#answer);
    return step.done === true ? null : step.value;
  }

  /** Takes the answer to what it wanted to know. */
  take(answer: Answer): void {
    this.#answer = answer;
  }

  /** Takes out what differed since the last call. */
  takeSuspects(): readonly Suspect[] {
    if (this.#suspects.size === 0) return [];
    const suspects = [...this.#suspects].map(([path, known]) => ({ path, known }));
    this.#suspects.clear();
    return suspects;
  }

  /**
   * Those that nothing pointed to since: what is known of them was not renewed. A touch that was under
   * way has arrived in the meantime.
   */
  static unannounced(scope: Audited, suspects: readonly Suspect[]): readonly Suspect[] {
    return suspects.filter(({ path, known }) => known !== undefined && scope.known(path) === known);
  }

  /** Whether a second look proves that the change of a suspect was lost. */
  static isProof({ known }: Suspect, found: Look): boolean {
    return known !== undefined && !isWatchError(found) && verdict(known, found) !== null;
  }
}
