import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  isSameEntry,
  readStats,
  toTouchStat,
  tryReadStats,
} from '../../src/backend-kit/entry-look.ts';
import { makeTree } from './temporary-tree.ts';

describe('a look at an entry', () => {
  it('finds nothing where nothing is, also below a file and below a loop of links', () => {
    const { root } = makeTree();
    writeFileSync(join(root, 'file'), '');
    symlinkSync('loop', join(root, 'loop'));
    for (const relative of ['missing', 'file/below', 'loop/below']) {
      expect(readStats(join(root, relative))).toBe(null);
    }
  });

  it('throws what says nothing about the entry, or says that it cannot be read', () => {
    const path = join(makeTree().root, 'n'.repeat(300));
    expect(() => readStats(path)).toThrow(/ENAMETOOLONG/);
    expect(tryReadStats(path)).toBe(undefined);
  });

  it('tells two entries apart that had one name after the other', () => {
    const path = join(makeTree().root, 'file');
    const read = (): NonNullable<ReturnType<typeof readStats>> => {
      const stats = readStats(path);
      if (stats === null) throw new Error('The file was just written');
      return stats;
    };
    writeFileSync(path, '');
    const [before, again] = [read(), read()];
    rmSync(path);
    writeFileSync(path, '');
    expect([isSameEntry(before, again), isSameEntry(before, read())]).toEqual([true, false]);
  });

  it('gives files and directories a stat, and leaves links to core', () => {
    const { root } = makeTree();
    writeFileSync(join(root, 'file'), 'four');
    symlinkSync('file', join(root, 'link'));
    const stats = ['file', '.', 'link'].map((name) => readStats(join(root, name)));
    expect(stats.map((found) => found && toTouchStat(found))).toEqual([
      expect.objectContaining({ type: 'file', size: 4n, nlink: 1n }),
      expect.objectContaining({ type: 'directory' }),
      undefined,
    ]);
  });
});
