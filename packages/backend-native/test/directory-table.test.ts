import { describe, expect, it } from 'vitest';
import { DirectoryTable, isWithin } from '../src/directory-table.ts';

const identity = { dev: 1n, ino: 2n, birthtimeNs: 3n };

function tableOf(...paths: readonly string[]): DirectoryTable {
  const table = new DirectoryTable();
  for (const path of paths) table.set(path, identity);
  return table;
}

describe('DirectoryTable', () => {
  it('knows what was set, and nothing between', () => {
    const table = tableOf('', 'a/b');
    expect(['', 'a', 'a/b', 'a/b/c'].map((path) => table.has(path))).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(table.get('a/b')).toEqual(identity);
  });

  it.each([
    ['a', []],
    ['a/b', ['a']],
    ['', []],
    ['missing', ['a', 'a/b', 'ab']],
    ['missing/deep', ['a', 'a/b', 'ab']],
  ])('forgets %j with everything below it, and nothing beside', (path, left) => {
    const table = tableOf('a', 'a/b', 'ab');
    table.delete(path);
    const expected = path === 'a' || path === 'a/b' ? [...left, 'ab'] : left;
    expect(['a', 'a/b', 'ab'].filter((known) => table.has(known))).toEqual(expected);
  });

  it.each([
    ['file', null],
    ['a/file', null],
    ['a/b/file', null],
    ['x/file', 'x'],
    ['a/x/y/file', 'a/x'],
  ])('finds the highest unknown directory above %j: %j', (path, unknown) => {
    expect(tableOf('', 'a', 'a/b').firstUnknownAbove(path)).toBe(unknown);
  });
});

describe('isWithin', () => {
  it.each([
    ['a', 'a', true],
    ['a/b', 'a', true],
    ['ab', 'a', false],
    ['a', 'a/b', false],
    ['a', '', true],
  ])('%j within %j: %j', (path, top, expected) => {
    expect(isWithin(path, top)).toBe(expected);
  });
});
