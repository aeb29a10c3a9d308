import type { LossReason } from './backend.ts';
import type { AbsPath } from './entry.ts';
import type { Pass, PassQueue } from './pass-queue.ts';
import type { Repair } from './scope-listener.ts';

/** What was lost, and where. */
export type Loss = Pick<Repair, 'under' | 'why'>;

/** Turns reported losses into passes: what is lost again during a pass costs one more pass, and one telling. */
export class Repairs {
  readonly #passes: PassQueue;
  readonly #seed: (path: AbsPath) => void;
  readonly #done: (loss: Loss) => void;
  #loss: { readonly under: Set<AbsPath>; readonly why: LossReason } | null = null;
  #running = false;

  constructor(passes: PassQueue, seed: (path: AbsPath) => void, done: (loss: Loss) => void) {
    this.#passes = passes;
    this.#seed = seed;
    this.#done = done;
  }

  /** Notes a loss. */
  note(under: readonly AbsPath[], why: LossReason): void {
    this.#loss ??= { under: new Set(), why };
    for (const path of under) this.#loss.under.add(path);
  }

  /** Forgets what was noted; says whether there was anything. */
  forget(): boolean {
    const noted = this.#loss !== null;
    this.#loss = null;
    return noted;
  }

  /** Looks again at what was noted. */
  begin(): void {
    if (this.#running || this.#loss === null) return;
    this.#running = true;
    const under = new Set<AbsPath>();
    const { why } = this.#loss;
    const pass: Pass = {
      seed: () => {
        for (const path of this.#loss?.under ?? []) {
          under.add(path);
          this.#seed(path);
        }
        this.#loss = null;
      },
      done: () => {
        if (this.#loss !== null) {
          // A flush that came meanwhile also waits for what was lost before it.
          this.#passes.runFirst(pass);
          return;
        }
        this.#running = false;
        this.#done({ under: [...under], why });
      },
    };
    this.#passes.run(pass);
  }
}
