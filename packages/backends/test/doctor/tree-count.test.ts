import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@watchkeeper/core';
import { createManualClock } from '@watchkeeper/core/testing';
import { describe, expect, it } from 'vitest';
import { demandOf } from '../../src/doctor/backend-report.ts';
import { countTree } from '../../src/doctor/tree-count.ts';
import { scratch } from './support/scratch.ts';

/** Three directories with four files each, below a root, and a link that leads back. */
function tree(): string {
  const root = scratch();
  for (const name of ['a', 'a/b', 'c']) {
    mkdirSync(join(root, name));
    for (let file = 0; file < 4; file += 1) writeFileSync(join(root, name, `f${file}`), '');
  }
  symlinkSync(root, join(root, 'c', 'loop'));
  return root;
}

describe('countTree', () => {
  it('counts directories and entries, and follows no link', async () => {
    const seen: number[] = [];
    const onEntries = (entries: number): void => void seen.push(entries);
    const count = await countTree(tree(), { clock: systemClock, onEntries });
    expect(count).toEqual({ directories: 4, entries: 16, stoppedBy: null, unreadable: 0 });
    expect(seen.at(-1)).toBe(16);
  });

  it('stops at a number of entries and says so', async () => {
    const count = await countTree(tree(), { clock: systemClock, maxEntries: 1 });
    expect(count).toMatchObject({ entries: 2, stoppedBy: 'entries' });
  });

  it('stops when the time is up', async () => {
    const count = await countTree(tree(), { clock: createManualClock(), maxMs: 0 });
    expect(count).toMatchObject({ stoppedBy: 'time' });
  });

  it('stops when it is told to', async () => {
    const options = { clock: systemClock, signal: AbortSignal.abort() };
    expect(await countTree(tree(), options)).toMatchObject({ stoppedBy: 'abort' });
  });

  it('is empty for a directory that has gone', async () => {
    const gone = join(scratch(), 'gone');
    const count = await countTree(gone, { clock: systemClock });
    expect(count).toEqual({ directories: 1, entries: 0, stoppedBy: null, unreadable: 0 });
  });
});

describe('demandOf', () => {
  const count = { directories: 10, entries: 100, unreadable: 0 };

  it.each([
    ['root', 1, false],
    ['directory', 10, true],
    ['entry', 101, true],
    ['sweep', 0, false],
  ] as const)('with one watch per %s takes %i', (costPer, watches, atLeast) => {
    expect(demandOf({ costPer }, { ...count, stoppedBy: 'time' })).toEqual({ watches, atLeast });
    expect(demandOf({ costPer }, { ...count, stoppedBy: null })).toEqual({
      watches,
      atLeast: false,
    });
  });
});
