import { describe, expect, it } from 'vitest';
import type { EntryStat } from '../src/entry.ts';
import { sameIdentity, verdict } from '../src/verdict.ts';
import { stat } from './support/stat.ts';

const file = stat();
const directory = stat({ type: 'directory', mode: 0o40755, nlink: 2n });
const link = stat({ type: 'symlink', link: 'a' });

const table: readonly [
  title: string,
  before: EntryStat | null,
  after: EntryStat | null,
  kind: string | null,
][] = [
  ['nothing before and after', null, null, null],
  ['appearance', null, file, 'create'],
  ['disappearance', file, null, 'remove'],
  ['an equal stat', file, stat(), null],
  ['another size', file, stat({ size: 2n }), 'modify'],
  ['a later mtime', file, stat({ mtimeNs: 11n, ctimeNs: 11n }), 'modify'],
  ['an earlier mtime, as cp -p leaves it', file, stat({ mtimeNs: 3n, ctimeNs: 11n }), 'modify'],
  ['a ctime alone', file, stat({ ctimeNs: 11n }), 'attributes'],
  ['a mode', file, stat({ mode: 0o100600, ctimeNs: 11n }), 'attributes'],
  ['a second hard link', file, stat({ nlink: 2n, ctimeNs: 11n }), 'attributes'],
  ['another inode', file, stat({ ino: 8n }), 'replace'],
  ['the same inode born later', file, stat({ birthtimeNs: 6n }), 'replace'],
  ['another device', file, stat({ dev: 2n }), 'replace'],
  ['a directory in place of a file', file, stat({ ...directory }), 'replace'],
  ['a link that points elsewhere', link, stat({ ...link, link: 'b' }), 'replace'],
  [
    'a directory whose entries changed',
    directory,
    { ...directory, mtimeNs: 99n, ctimeNs: 99n, size: 9n, nlink: 3n },
    null,
  ],
  ['a directory whose mode changed', directory, { ...directory, mode: 0o40700 }, 'attributes'],
  ['a directory born anew', directory, { ...directory, birthtimeNs: 6n }, 'replace'],
];

describe('verdict', () => {
  it.each(table)('judges %s', (_, before, after, kind) => {
    expect(verdict(before, after)).toBe(kind);
  });

  it('compares integers that a double cannot tell apart', () => {
    const big = 2n ** 60n;
    expect(verdict(stat({ mtimeNs: big }), stat({ mtimeNs: big + 1n }))).toBe('modify');
    expect(sameIdentity(stat({ ino: big }), stat({ ino: big + 1n }))).toBe(false);
  });
});
