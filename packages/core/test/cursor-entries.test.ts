import { describe, expect, it } from 'vitest';
import { ByteReader } from '../src/byte-reader.ts';
import { ByteWriter } from '../src/byte-writer.ts';
import { EntryDecoder, EntryEncoder } from '../src/cursor-entries.ts';
import type { EntryStat } from '../src/entry.ts';
import { entriesBelow } from '../src/entry-table.ts';
import { stat } from './support/stat.ts';

type Entries = readonly (readonly [relative: string, stat: EntryStat])[];

const directory = stat({ type: 'directory', nlink: 4n, mode: 0o40755 });
const large = 2n ** 64n - 1n;

const trees: readonly [what: string, entries: Entries][] = [
  ['a single file', [['', stat()]]],
  [
    'a tree',
    [
      ['', directory],
      ['d', directory],
      ['d/e', directory],
      ['d/e/f', stat({ size: 5n * 2n ** 30n })],
      ['d/g', stat({ mtimeNs: 1_763_700_000_123_456_789n })],
      ['h', stat({ mtimeNs: -1n, ctimeNs: 3n, birthtimeNs: 0n })],
    ],
  ],
  [
    'numbers of every size',
    [0n, 1n, 127n, 128n, 2n ** 31n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n, large].map(
      (ino, index) => [index === 0 ? '' : `f${index}`, stat({ ino, size: ino, dev: ino })] as const,
    ),
  ],
  [
    'names of every kind',
    [
      ['', directory],
      ['with spaces\nand "quotes"', stat()],
      ['é', stat()],
      ['e\u0301', stat()],
      ['\ud800 alone', stat()],
      ['n'.repeat(255), stat()],
      ['link', stat({ type: 'symlink', link: '../elsewhere' })],
      ['pipe', stat({ type: 'other', mode: 0o10644 })],
    ],
  ],
];

function encoded(entries: Entries): Buffer {
  const writer = new ByteWriter();
  const encoder = new EntryEncoder(writer);
  for (const entry of entries) encoder.write(...entry);
  return writer.bytes();
}

function decoded(bytes: Buffer): Entries {
  const reader = new ByteReader(bytes);
  const decoder = new EntryDecoder(reader);
  while (!reader.done) decoder.read();
  const { table } = decoder;
  return table === null ? [] : [['', table.root.stat], ...entriesBelow(table.root)];
}

describe('entries of a cursor', () => {
  it.each(trees)('come back as they were: %s', (_, entries) => {
    expect(decoded(encoded(entries))).toEqual(entries);
  });

  it('may come twice; the last counts', () => {
    const twice: Entries = [
      ['', directory],
      ['f', stat()],
      ['f', stat({ size: 2n })],
    ];
    expect(decoded(encoded(twice))).toEqual([twice[0], twice[2]]);
  });

  it('are larger than one block of the writer', () => {
    const many: Entries = Array.from({ length: 20_000 }, (_, index) => [
      index === 0 ? '' : `entry ${index}`,
      stat({ ino: BigInt(index * 31) }),
    ]);
    expect(decoded(encoded(many))).toEqual(many);
  });

  it('that are cut off anywhere but between two are refused', () => {
    const entries = trees[1]?.[1] ?? [];
    const bytes = encoded(entries);
    const ends = new Set(entries.map((_, index) => encoded(entries.slice(0, index + 1)).length));
    for (let end = 1; end < bytes.length; end++) {
      if (ends.has(end)) continue;
      expect(() => decoded(bytes.subarray(0, end))).toThrow(RangeError);
    }
  });

  it('below a directory that is not there are refused', () => {
    const orphan: Entries = [
      ['', directory],
      ['d/f', stat()],
    ];
    expect(() => decoded(encoded(orphan))).toThrow(new RangeError('a directory is missing'));
    expect(() => decoded(encoded([['f', stat()]]))).toThrow(RangeError);
  });
});
