import { constants, lstatSync, type BigIntStats } from 'node:fs';
import { Workspace } from '@watchkeeper/conformance';
import { toEntryStat } from '@watchkeeper/core/backend-kit';
import { describe, expect, it } from 'vitest';
import { differs, isReplaced } from '../src/fingerprint.ts';

function read(): BigIntStats {
  const workspace = new Workspace();
  const stats = lstatSync(workspace.write(workspace.at('file')), { bigint: true });
  workspace.dispose();
  return stats;
}

describe('fingerprints', () => {
  const stats = read();
  const known = toEntryStat(stats);

  it('are equal for one reading', () => {
    expect([differs(known, stats), isReplaced(known, stats)]).toEqual([false, false]);
  });

  it.each([
    ['size', 1n, false],
    ['mtimeNs', 1n, false],
    ['mtimeNs', -1n, false],
    ['ctimeNs', -1n, false],
    ['dev', 1n, true],
    ['ino', 1n, true],
    ['birthtimeNs', -1n, true],
  ] as const)('differ when %s moves by %i', (field, by, replaced) => {
    const other = { ...known, [field]: known[field] + by };
    expect([differs(other, stats), isReplaced(other, stats)]).toEqual([true, replaced]);
  });

  it('differ in type alone', () => {
    const mode = (known.mode & ~constants.S_IFMT) | constants.S_IFLNK;
    const other = { ...known, type: 'symlink', mode } as const;
    expect([differs(other, stats), isReplaced(other, stats)]).toEqual([true, true]);
  });
});
