import { describe, expect, it } from 'vitest';
import { EntryTable } from '../src/entry-table.ts';
import { ToldView } from '../src/told-view.ts';
import { verdict } from '../src/verdict.ts';
import { stat } from './support/stat.ts';

function table(dev: bigint, birthtimeNs = 5n): EntryTable {
  const made = new EntryTable(stat({ type: 'directory', dev, birthtimeNs }));
  made.add(made.root, 'f', stat({ dev, ino: 8n, birthtimeNs }));
  return made;
}

function resumed(before: EntryTable, after: EntryTable): readonly (readonly [string, unknown])[] {
  const view = new ToldView();
  view.resume(before);
  const told = [...(view.take(after.root.stat, after, 'event', false) ?? [])];
  return told
    .map(([path, from, to]) => [path, verdict(from, to)] as const)
    .filter(([, kind]) => kind !== null);
}

describe('what was told in an earlier life', () => {
  it('is the same on a file system that has another device number since', () => {
    expect(resumed(table(1n), table(2n))).toEqual([]);
  });

  it('is replaced where nothing proves that it is the same file system', () => {
    const all = [
      ['', 'replace'],
      ['f', 'replace'],
    ];
    expect(resumed(table(1n, 0n), table(2n, 0n))).toEqual(all);
    expect(resumed(table(1n, 5n), table(2n, 6n))).toEqual(all);
  });
});
