import type { LossReason } from './backend.ts';
import type { AbsPath } from './entry.ts';
import type { Pass, PassQueue } from './pass-queue.ts';
import type { Repair } from './scope-listener.ts';

/** What was lost, where, and whether the repair is told even if nothing had changed. */
export type Loss = Omit<Repair, 'unsure'>;

interface Noted {
  readonly under: Set<AbsPath>;
  why: LossReason;
  /** Whether a backend reported it; else it is a suspicion. */
  always: boolean;
}

/** Turns losses into passes: what is lost again during a pass costs one more pass, and one telling. */
export class Repairs {
  readonly #passes: PassQueue;
  readonly #seed: (path: AbsPath) => void;
  readonly #done: (loss: Loss) => boolean;
  #loss: Noted | null = null;
  #running = false;
  #waiting: ((differed: boolean) => void)[] = [];

  /** `done` tells of a repair, and gives whether anything differed. */
  constructor(passes: PassQueue, seed: (path: AbsPath) => void, done: (loss: Loss) => boolean) {
    this.#passes = passes;
    this.#seed = seed;
    this.#done = done;
  }

  /** Notes a loss, or with `always` unset the suspicion of one. */
  note(under: readonly AbsPath[], why: LossReason, always = true): void {
    this.#loss = join(this.#loss, { under: new Set(under), why, always });
  }

  /** Forgets what was noted; says whether there was anything. */
  forget(): boolean {
    const noted = this.#loss !== null;
    this.#loss = null;
    return noted;
  }

  /** Calls back with whether anything differed, when what was noted so far has been looked at again. */
  whenSettled(settled: (differed: boolean) => void): void {
    this.#waiting.push(settled);
  }

  /** Looks again at what was noted. */
  begin(): void {
    if (this.#running || this.#loss === null) return;
    this.#running = true;
    let repaired: Noted | null = null;
    const pass: Pass = {
      seed: () => {
        const loss = this.#loss;
        if (loss === null) return;
        this.#loss = null;
        for (const path of loss.under) this.#seed(path);
        repaired = join(repaired, loss);
      },
      done: () => {
        if (this.#loss !== null) {
          // A flush that came meanwhile also waits for what was lost before it.
          this.#passes.runFirst(pass);
          return;
        }
        this.#running = false;
        this.#tell(repaired);
      },
    };
    this.#passes.run(pass);
  }

  #tell(loss: Noted | null): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const differed = loss !== null && this.#done({ ...loss, under: [...loss.under] });
    for (const settled of waiting) settled(differed);
  }
}

/** What is known to be lost weighs more than what is suspected; otherwise the first reason is told. */
function join(earlier: Noted | null, later: Noted): Noted {
  if (earlier === null) return later;
  for (const path of later.under) earlier.under.add(path);
  if (later.always && !earlier.always) {
    earlier.why = later.why;
    earlier.always = true;
  }
  return earlier;
}
