import type { EntryStat } from './entry.ts';
import { below, entriesBelow, type EntryNode, type EntryTable } from './entry-table.ts';
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
  yield* differencesBelow(before?.root ?? null, after?.root ?? null, '');
}

/** Walks both sides at once: paths are only put together for what differs, and for directories. */
function* differencesBelow(
  before: EntryNode | null,
  after: EntryNode | null,
  relative: string,
): Generator<Difference> {
  for (const node of before?.children?.values() ?? []) {
    if (after?.children?.get(node.name) !== undefined) continue;
    const path = below(relative, node.name);
    for (const [inner, stat] of entriesBelow(node, path)) yield [inner, stat, null];
    yield [path, node.stat, null];
  }
  for (const node of after?.children?.values() ?? []) {
    const known = before?.children?.get(node.name) ?? null;
    const differs = verdict(known?.stat ?? null, node.stat) !== null;
    if (!differs && node.children === null && (known?.children ?? null) === null) continue;
    const path = below(relative, node.name);
    if (differs) yield [path, known?.stat ?? null, node.stat];
    yield* differencesBelow(known, node, path);
  }
}
