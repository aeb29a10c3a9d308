import { affects, diff } from './diff.ts';
import type { KeyPath } from './key-path.ts';
import type { Change, ChangeOp, Snapshot } from './snapshot.ts';

/** A {@link Change} whose differences are computed when first asked for. */
class LazyChange<T> implements Change<T> {
  readonly current: Snapshot<T>;
  readonly previous: Snapshot<T> | undefined;
  readonly skipped: number;
  #ops: readonly ChangeOp[] | undefined;

  constructor(previous: Snapshot<T> | undefined, current: Snapshot<T>) {
    this.previous = previous;
    this.current = current;
    this.skipped = previous === undefined ? 0 : current.generation - previous.generation - 1;
  }

  get ops(): readonly ChangeOp[] {
    this.#ops ??= Object.freeze(
      this.previous === undefined ? [] : diff(this.previous.value, this.current.value),
    );
    return this.#ops;
  }

  affects(path: KeyPath<T>): boolean {
    return this.previous === undefined || affects(this.ops, path);
  }
}

/** Makes changes; thousands of receivers that take the same step get the same object. */
export class ChangeBook<T> {
  readonly #first = new WeakMap<Snapshot<T>, Change<T>>();
  readonly #steps = new WeakMap<Snapshot<T>, WeakMap<Snapshot<T>, Change<T>>>();

  /** The step from one snapshot to another. */
  between(previous: Snapshot<T> | undefined, current: Snapshot<T>): Change<T> {
    const known =
      previous === undefined ? this.#first.get(current) : this.#steps.get(current)?.get(previous);
    if (known !== undefined) return known;
    const change = new LazyChange(previous, current);
    if (previous === undefined) {
      this.#first.set(current, change);
    } else {
      const steps = this.#steps.get(current) ?? new WeakMap<Snapshot<T>, Change<T>>();
      this.#steps.set(current, steps.set(previous, change));
    }
    return change;
  }
}
