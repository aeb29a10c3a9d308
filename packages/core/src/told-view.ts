import type { ChangeOrigin } from './change.ts';
import type { EntryStat } from './entry.ts';
import type { EntryTable } from './entry-table.ts';
import { isRemounted } from './verdict.ts';
import { differences, type Difference } from './table-difference.ts';

/** One difference, and how it came to be known. */
type ToldDifference = readonly [...difference: Difference, origin: ChangeOrigin];

/** What entries were before they changed untold, by relative path. */
type Deferred = ReadonlyMap<string, EntryStat | null>;

const nothing: Deferred = new Map();

function* toldOf(
  own: Difference | null,
  before: EntryTable | null,
  deferred: Deferred,
  after: EntryTable | null,
  origin: ChangeOrigin,
): Generator<ToldDifference> {
  if (own !== null) yield [...own, origin];
  for (const difference of differences(before, after)) {
    if (!deferred.has(difference[0])) yield [...difference, origin];
  }
  for (const [relative, stat] of deferred) {
    yield [relative, stat, after?.find(relative)?.stat ?? null, origin];
  }
}

/** What a watch was told last: the entry it watches, and for a directory what is below. */
export class ToldView {
  #told = false;
  /** Whether what is known was told to somebody who watched before. */
  #resumed = false;
  #known: EntryStat | null = null;
  #table: EntryTable | null = null;
  #deferred: Map<string, EntryStat | null> | null = null;

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

  /** What was told to be below it, but for what is deferred. */
  get table(): EntryTable | null {
    return this.#table;
  }

  /** What entries below it were told to be that have changed since. */
  get deferred(): Deferred {
    return this.#deferred ?? nothing;
  }

  /** Notes what an entry was before it changed: that will be told with the next {@link ToldView.take}. */
  defer(relative: string, before: EntryStat | null): void {
    this.#deferred ??= new Map();
    if (!this.#deferred.has(relative)) this.#deferred.set(relative, before);
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
    const tableBefore = this.#table;
    const { deferred } = this;
    const resumed = this.#resumed;
    if (resumed && known !== null && tableBefore !== null) {
      if (isRemounted(tableBefore.root.stat, known)) tableBefore.renumber(known.dev);
      this.#known = tableBefore.root.stat;
    }
    const before = this.#known;
    const first = !this.#told && !resumed;
    this.#told = true;
    this.#resumed = false;
    this.#known = known;
    this.#table = table;
    this.#deferred = null;
    if (first && !emitInitial) return null;
    const found = first ? 'initial' : resumed ? 'resume' : origin;
    // What is told at first of a directory is what is in it.
    const own: Difference | null = !first || table === null ? ['', before, known] : null;
    return toldOf(own, tableBefore, deferred, table, found);
  }

  /** Holds on to what was told although it cannot be told what is there. */
  keep(): void {
    this.#told = true;
  }

  /** The table that was told goes on changing, and nobody will say how: keeps it as it is now. */
  freeze(): void {
    this.#table = this.#table?.copy() ?? null;
  }

  /** Forgets everything. */
  clear(): void {
    this.#known = null;
    this.#table = null;
    this.#deferred = null;
  }
}
