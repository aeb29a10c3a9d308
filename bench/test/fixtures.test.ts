import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { burstOf } from '../fixtures/burst.ts';
import { directoriesOf, filesOf, makeManyFiles } from '../fixtures/many-files.ts';
import { LINE_BYTES, numberedLine, numberOf } from '../fixtures/numbered-line.ts';
import { makeTree, treeLayout } from '../fixtures/tree.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bench-fixtures-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('a numbered line', () => {
  it.each([0, 7, 561, 123_456])('carries %d, in JSON of fixed length', (number) => {
    const line = numberedLine(number);
    expect(Buffer.byteLength(`${line}\n`)).toBe(LINE_BYTES);
    expect(numberOf(line)).toBe(number);
    expect(JSON.parse(line)).toHaveProperty('text');
  });
});

describe('many files', () => {
  it('are where everybody expects them, 100 to a directory', () => {
    makeManyFiles(directory, 250);
    const files = filesOf(directory, 250);
    expect(new Set(files).size).toBe(250);
    expect(files.filter((file) => existsSync(file))).toHaveLength(250);
    expect(directoriesOf(directory, 250).map((path) => readdirSync(path).length)).toEqual([
      100, 100, 50,
    ]);
  });
});

describe('a tree', () => {
  it.each([1, 10, 20, 500])('of %d entries has as many', (size) => {
    makeTree(directory, size);
    expect(readdirSync(directory, { recursive: true })).toHaveLength(size);
  });

  it('has directories in directories', () => {
    const { directories } = treeLayout(5000);
    expect(directories).toHaveLength(250);
    const depth = Math.max(...directories.map((path) => path.split('/').length));
    expect(depth).toBeGreaterThan(2);
  });
});

describe('a burst', () => {
  const size = 20_000;
  const burst = burstOf('/tree', size, 4);
  const { rewritten, removed, added, addedDirectories } = burst;

  it('touches 5,000 different files, and the same for the same seed', () => {
    expect(new Set([...rewritten, ...removed, ...added]).size).toBe(5000);
    expect(burstOf('/tree', size, 4)).toEqual(burst);
    expect(burstOf('/tree', size, 5)).not.toEqual(burst);
  });

  it('rewrites and removes what is there, and adds what is not', () => {
    const layout = treeLayout(size);
    const there = new Set(layout.files.map((file) => join('/tree', file)));
    const directories = new Set(layout.directories.map((path) => join('/tree', path)));
    expect([...rewritten, ...removed].filter((file) => !there.has(file))).toEqual([]);
    expect(added.filter((file) => there.has(file))).toEqual([]);
    expect(addedDirectories.filter((path) => !directories.has(dirname(path)))).toEqual([]);
    const inNew = added.filter((file) => addedDirectories.includes(dirname(file)));
    expect(inNew).toHaveLength(250);
  });

  it('is at most half of a small tree', () => {
    const small = burstOf('/tree', 100, 4);
    expect([...small.rewritten, ...small.removed, ...small.added]).toHaveLength(48);
  });
});
