import type { EntryStat } from './entry.ts';
import { entriesBelow, type EntryTable } from './entry-table.ts';
import { differences, type Difference } from './table-difference.ts';

/** What a watch was told last: the entry it watches, and for a directory what is below. */
export class ToldView {
  #told = false;
  #known: EntryStat | null = null;
  #table: EntryTable | null = null;

  /** Whether anything was taken over yet. */
  get told(): boolean {
    return this.#told;
  }

  /** What the watched entry itself was told to be. */
  set known(stat: EntryStat | null) {
    this.#known = stat;
  }

  /** Whether nothing below the entry is or was told: a single file, or nothing at all. */
  isSingle(table: EntryTable | null): boolean {
    return this.#told && this.#table === null && table === null;
  }

  /** Takes over a single entry, and gives what was told of it before. */
  exchange(known: EntryStat | null): EntryStat | null {
    const before = this.#known;
    this.#known = known;
    return before;
  }

  /** Takes over what is there, and gives how it differs from what was told; at first that is nothing. */
  *take(known: EntryStat | null, table: EntryTable | null): Generator<Difference> {
    const before = this.#known;
    const tableBefore = this.#table;
    const first = !this.#told;
    this.#told = true;
    this.#known = known;
    this.#table = table;
    if (first) return;
    yield ['', before, known];
    yield* differences(tableBefore, table);
  }

  /** Gives all there is as if it had just appeared; of a directory, what is in it. */
  *all(): Generator<Difference> {
    if (this.#table === null) yield ['', null, this.#known];
    else for (const [path, stat] of entriesBelow(this.#table.root)) yield [path, null, stat];
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
