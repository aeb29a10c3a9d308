import { relativeTo } from './abs-path.ts';
import type { EntryStat } from './entry.ts';
import { entriesBelow, type EntryTable } from './entry-table.ts';

/** A change that was not told yet. */
interface Untold {
  readonly path: string;
  readonly before: EntryStat | null;
}

/**
 * What the consumers of a watch had been told at one moment, to be read bit by bit while the watch
 * goes on: what changes meanwhile is noted as it was before.
 */
export class ToldSnapshot {
  readonly #known: EntryStat | null;
  #below: Iterator<readonly [relative: string, stat: EntryStat], undefined>;
  readonly #spelling: string;
  readonly #untold: readonly Untold[];
  readonly #overrides = new Map<string, EntryStat | null>();

  /** `untold` holds for each path what is told last first, so that what is told first wins. */
  constructor(
    known: EntryStat | null,
    table: EntryTable | null,
    spelling: string,
    untold: readonly Untold[],
  ) {
    this.#known = known;
    this.#below = table === null ? [].values() : entriesBelow(table.root);
    this.#spelling = spelling;
    this.#untold = untold;
  }

  /** Notes what a path was before it changed, after the moment. */
  note(relative: string, before: EntryStat | null): void {
    if (!this.#overrides.has(relative)) this.#overrides.set(relative, before);
  }

  /** Nobody will say any more what changes: reads what is left at once. */
  detach(): void {
    const rest: (readonly [relative: string, stat: EntryStat])[] = [];
    for (let step = this.#below.next(); step.done !== true; step = this.#below.next()) {
      rest.push(step.value);
    }
    this.#below = rest.values();
  }

  /**
   * Gives every entry, directories before what is in them, the watched one first. What changes while
   * this is read may be given twice, as it was both times; `null` stands for a step without an entry.
   */
  *entries(): Generator<readonly [relative: string, stat: EntryStat] | null> {
    for (const { path, before } of this.#untold) {
      this.#overrides.set(relativeTo(this.#spelling, path) ?? '', before);
      yield null;
    }
    const known = this.#at('', this.#known);
    if (known === null) return;
    yield ['', known];
    for (let step = this.#below.next(); step.done !== true; step = this.#below.next()) {
      const [relative, stat] = step.value;
      const told = this.#at(relative, stat);
      yield told === null ? null : [relative, told];
    }
    const noted = [...this.#overrides].toSorted(([a], [b]) => a.length - b.length);
    for (const [relative, stat] of noted) {
      yield stat === null || relative === '' ? null : [relative, stat];
    }
  }

  #at(relative: string, stat: EntryStat | null): EntryStat | null {
    const noted = this.#overrides.get(relative);
    return noted === undefined ? stat : noted;
  }
}
