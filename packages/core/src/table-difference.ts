import type { EntryStat } from './entry.ts';
import { entriesBelow, type EntryTable } from './entry-table.ts';
import { verdict } from './verdict.ts';

/** One entry that differs between two tables. */
export type Difference = readonly [
  relative: string,
  before: EntryStat | null,
  after: EntryStat | null,
];

/** What differs below the roots of two tables, by relative path; `null` stands for an empty table. */
export function* differences(
  before: EntryTable | null,
  after: EntryTable | null,
): Generator<Difference> {
  if (before === after) return;
  if (before !== null) {
    for (const [relative, stat] of entriesBelow(before.root)) {
      if (after?.find(relative) === undefined) yield [relative, stat, null];
    }
  }
  if (after === null) return;
  for (const [relative, stat] of entriesBelow(after.root)) {
    const known = before?.find(relative)?.stat ?? null;
    if (verdict(known, stat) !== null) yield [relative, known, stat];
  }
}
