import type { LossReason, Sink, Touch } from '../../src/backend.ts';
import type { AbsPath } from '../../src/entry.ts';
import type { WatchError } from '../../src/errors.ts';

/** A sink that remembers what it is told, in order, and does what a test wants in each call. */
export class RecordingSink implements Sink {
  /** Each call in a few words. */
  readonly calls: string[] = [];
  readonly touches: Touch[] = [];
  readonly problems: WatchError[] = [];
  onCall: (() => void) | null = null;
  #depth = 0;
  /** Most calls that were ever under way at once. */
  deepest = 0;

  touched(touches: readonly Touch[]): void {
    this.touches.push(...touches);
    this.#note(`touched ${touches.map(({ path }) => path).join(' ')}`);
  }

  lost(under: readonly AbsPath[], why: LossReason): void {
    this.#note(`lost ${under.join(' ')} ${why}`);
  }

  degraded(error: WatchError): void {
    this.problems.push(error);
    this.#note(`degraded ${error.paths.join(' ')}`);
  }

  ended(error: WatchError): void {
    this.#note(`ended ${error.paths.join(' ')}`);
  }

  #note(call: string): void {
    this.calls.push(call);
    this.#depth += 1;
    this.deepest = Math.max(this.deepest, this.#depth);
    try {
      this.onCall?.();
    } finally {
      this.#depth -= 1;
    }
  }
}
