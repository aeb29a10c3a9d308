import type { ChangeOrigin } from './change.ts';
import type { EntryStat } from './entry.ts';
import type { EntryTable } from './entry-table.ts';
import { differences, type Difference } from './table-difference.ts';

/** One difference, and how it came to be known. */
type ToldDifference = readonly [...difference: Difference, origin: ChangeOrigin];

function* toldOf(
  own: Difference | null,
  below: Iterable<Difference>,
  origin: ChangeOrigin,
): Generator<ToldDifference> {
  if (own !== null) yield [...own, origin];
  for (const difference of below) yield [...difference, origin];
}

/** What a watch was told last: the entry it watches, and for a directory what is below. */
export class ToldView {
  #told = false;
  /** Whether what is known was told to somebody who watched before. */
  #resumed = false;
  #known: EntryStat | null = null;
  #table: EntryTable | null = null;

  /** Whether anything was taken over yet. */
  get told(): boolean {
    return this.#told;
  }

  /** What the watched entry itself was told to be. */
  get known(): EntryStat | null {
    return this.#known;
  }

  set known(stat: EntryStat | null) {
    this.#known = stat;
  }

  /** What was told to be below it. */
  get table(): EntryTable | null {
    return this.#table;
  }

  /** Goes on from what was told in an earlier life. */
  resume(table: EntryTable | null): void {
    this.#resumed = true;
    this.#known = table?.root.stat ?? null;
    this.#table = table;
  }

  /**
   * Takes over what is there, and gives how it differs from what was told. At first that is nothing, or
   * all there is as if it had just appeared; of a directory, what is in it.
   */
  take(
    known: EntryStat | null,
    table: EntryTable | null,
    origin: ChangeOrigin,
    emitInitial: boolean,
  ): Iterable<ToldDifference> | null {
    const before = this.#known;
    const tableBefore = this.#table;
    const resumed = this.#resumed;
    const first = !this.#told && !resumed;
    this.#told = true;
    this.#resumed = false;
    this.#known = known;
    this.#table = table;
    if (first && !emitInitial) return null;
    const found = first ? 'initial' : resumed ? 'resume' : origin;
    // What is told at first of a directory is what is in it.
    const own: Difference | null = !first || table === null ? ['', before, known] : null;
    return toldOf(own, differences(tableBefore, table), found);
  }

  /** Holds on to what was told although it cannot be told what is there. */
  keep(): void {
    this.#told = true;
  }

  /** Forgets everything. */
  clear(): void {
    this.#known = null;
    this.#table = null;
  }
}
