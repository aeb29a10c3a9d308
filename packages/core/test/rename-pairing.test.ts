import { describe, expect, it } from 'vitest';
import { orderBatch } from '../src/batch-order.ts';
import type { Change } from '../src/change.ts';
import { fold } from '../src/coalesce.ts';
import type { EntryStat } from '../src/entry.ts';
import { pairRenames, type Pending } from '../src/rename-pairing.ts';
import { verdict } from '../src/verdict.ts';
import { stat } from './support/stat.ts';

type Tree = Readonly<Record<string, EntryStat>>;

const file = (ino: bigint, fields: Partial<EntryStat> = {}): EntryStat => stat({ ino, ...fields });
const directory = (ino: bigint): EntryStat => stat({ ino, type: 'directory', nlink: 3n });

/** What is told when one tree after another is found, as changes that wait together. */
function pending(...trees: readonly Tree[]): readonly Pending[] {
  const waiting = new Map<string, Pending>();
  for (const [index, after] of trees.entries()) {
    const before = trees[index - 1];
    if (before === undefined) continue;
    const gone = Object.keys(before).filter((path) => !(path in after));
    for (const path of [...gone.toReversed(), ...Object.keys(after)]) {
      const [was, is] = [before[path] ?? null, after[path] ?? null];
      const kind = verdict(was, is);
      if (kind !== null) fold(waiting, { kind, path, before: was, after: is, origin: 'event' });
    }
  }
  return [...waiting.values()];
}

function told(...trees: readonly Tree[]): readonly string[] {
  return orderBatch(pairRenames(pending(...trees))).map(({ kind, path, from }) =>
    from === undefined ? `${kind} ${path}` : `${kind} ${from} > ${path}`,
  );
}

const cases: readonly [what: string, trees: readonly Tree[], expected: readonly string[]][] = [
  ['a file', [{ a: file(1n) }, { b: file(1n) }], ['rename a > b']],
  [
    'a chain of names as its ends',
    [{ a: file(1n) }, { b: file(1n) }, { c: file(1n) }],
    ['rename a > c'],
  ],
  ['a way there and back as nothing', [{ a: file(1n) }, { b: file(1n) }, { a: file(1n) }], []],
  [
    'a way there and back as nothing though the time of change moved',
    [{ a: file(1n) }, { b: file(1n, { ctimeNs: 20n }) }, { a: file(1n, { ctimeNs: 30n }) }],
    [],
  ],
  [
    'a file that came back with other content as modified',
    [{ a: file(1n) }, { b: file(1n) }, { a: file(1n, { size: 9n }) }],
    ['modify a'],
  ],
  [
    'a file over another one in halves',
    [{ a: file(1n), b: file(2n) }, { b: file(1n) }],
    ['remove a', 'replace b'],
  ],
  [
    'two files that swapped as two replacements',
    [
      { a: file(1n), b: file(2n) },
      { a: file(2n), b: file(1n) },
    ],
    ['replace a', 'replace b'],
  ],
  [
    'a file and a new one under its old name',
    [{ a: file(1n) }, { a: file(2n), b: file(1n) }],
    ['replace a', 'create b'],
  ],
  [
    'a file that was written on the way once',
    [{ a: file(1n) }, { b: file(1n, { size: 9n }) }],
    ['rename a > b'],
  ],
  [
    'a file with two hard links in halves',
    [{ a: file(1n, { nlink: 2n }) }, { b: file(1n, { nlink: 2n }) }],
    ['remove a', 'create b'],
  ],
  [
    'a file that gained a link on the way in halves',
    [{ a: file(1n) }, { b: file(1n, { nlink: 2n }), c: file(1n, { nlink: 2n }) }],
    ['remove a', 'create b', 'create c'],
  ],
  [
    'an inode that was used again in halves',
    [{ a: file(1n) }, { b: file(1n, { birthtimeNs: 6n }) }],
    ['remove a', 'create b'],
  ],
  [
    'an inode that became something else in halves',
    [{ a: file(1n) }, { b: directory(1n) }],
    ['remove a', 'create b'],
  ],
  [
    'a file of a file system without birth times in halves',
    [{ a: file(1n, { birthtimeNs: 0n }) }, { b: file(1n, { birthtimeNs: 0n }) }],
    ['remove a', 'create b'],
  ],
  [
    'a directory without what moved along',
    [
      { d: directory(1n), 'd/f': file(2n), 'd/s': directory(3n), 'd/s/g': file(4n) },
      { e: directory(1n), 'e/f': file(2n), 'e/s': directory(3n), 'e/s/g': file(4n) },
    ],
    ['rename d > e'],
  ],
  [
    'a hard link that moved along as nothing',
    [
      { d: directory(1n), 'd/f': file(2n, { nlink: 2n }) },
      { e: directory(1n), 'e/f': file(2n, { nlink: 2n }) },
    ],
    ['rename d > e'],
  ],
  [
    'what changed in a directory that moved under its new path',
    [
      { d: directory(1n), 'd/f': file(2n), 'd/g': file(3n), 'd/h': file(4n) },
      { e: directory(1n), 'e/f': file(2n, { size: 9n }), 'e/g': file(5n), 'e/new': file(6n) },
    ],
    ['remove d/h', 'rename d > e', 'replace e/g', 'create e/new', 'modify e/f'],
  ],
  [
    'what left a directory before it moved',
    [
      { d: directory(1n), 'd/f': file(2n) },
      { e: directory(1n), f: file(2n) },
    ],
    ['rename d/f > f', 'rename d > e'],
  ],
  [
    'what went into a directory after it moved',
    [
      { d: directory(1n), f: file(2n) },
      { e: directory(1n), 'e/f': file(2n) },
    ],
    ['rename d > e', 'rename f > e/f'],
  ],
  [
    'what got another name in a directory that moved in halves',
    [
      { d: directory(1n), 'd/f': file(2n) },
      { e: directory(1n), 'e/g': file(2n) },
    ],
    ['remove d/f', 'rename d > e', 'create e/g'],
  ],
  [
    'what two directories that moved exchanged in halves',
    [
      { d: directory(1n), 'd/f': file(2n), g: directory(3n), 'g/h': file(4n) },
      { e: directory(1n), 'e/h': file(4n), i: directory(3n), 'i/f': file(2n) },
    ],
    ['remove g/h', 'remove d/f', 'rename g > i', 'rename d > e', 'create e/h', 'create i/f'],
  ],
  [
    'what moved below a replaced name in halves',
    [
      { d: directory(1n), f: file(2n) },
      { d: directory(3n), 'd/f': file(2n) },
    ],
    ['remove f', 'replace d', 'create d/f'],
  ],
  [
    'a directory that went into its own subdirectory, turned around',
    [
      { d: directory(1n), 'd/s': directory(2n) },
      { s: directory(2n), 's/d': directory(1n) },
    ],
    ['rename d/s > s', 'rename d > s/d'],
  ],
];

/** Applies changes to a model, and complains about what it cannot apply. */
function apply(model: Map<string, EntryStat>, { kind, path, from, after }: Change): void {
  if (kind === 'rename') {
    for (const [old, known] of [...model]) {
      if (old !== from && !old.startsWith(`${from}/`)) continue;
      model.delete(old);
      model.set(path + old.slice(from?.length), known);
    }
  }
  if (kind === 'create' && model.has(path)) throw new Error(`${path} was there`);
  if (kind !== 'create' && !model.has(path)) throw new Error(`${path} was not there`);
  if (after === null) model.delete(path);
  else model.set(path, after);
}

describe('pairRenames tells', () => {
  it.each(cases)('%s', (_, trees, expected) => {
    expect(told(...trees)).toEqual(expected);
  });

  it.each(cases)('%s, and what it tells can be applied in order', (_, trees) => {
    const model = new Map(Object.entries(trees[0] ?? {}));
    for (const change of orderBatch(pairRenames(pending(...trees)))) apply(model, change);
    const names = [...model.keys()].toSorted();
    expect(names).toEqual(Object.keys(trees.at(-1) ?? {}).toSorted());
    for (const [path, found] of Object.entries(trees.at(-1) ?? {})) {
      expect(model.get(path)).toMatchObject({ ino: found.ino, size: found.size });
    }
  });

  it('what was known under the old name, and what is under the new one', () => {
    const [rename] = pairRenames(pending({ a: file(1n) }, { b: file(1n, { size: 9n }) }));
    expect(rename).toMatchObject({
      from: 'a',
      path: 'b',
      before: { size: 1n },
      after: { size: 9n },
      origin: 'event',
    });
  });
});
