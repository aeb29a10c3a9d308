import { linkSync } from 'node:fs';
import type { Change, EntryStat } from '@watchkeeper/core';
import { readStats, toEntryStat } from '@watchkeeper/core/backend-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ToldTree, Workspace } from '../src/index.ts';

type Told = Partial<Change> & { readonly path: string };

function scene() {
  const workspace = new Workspace();
  onTestFinished(() => workspace.dispose());
  const tree = new ToldTree(workspace.root);
  let sequence = 0;
  const look = (name: string): EntryStat => {
    const stats = readStats(workspace.at(name));
    if (stats === null) throw new Error(`no ${name}`);
    return toEntryStat(stats);
  };
  const whole = (change: Told): Change => ({
    kind: 'create',
    before: null,
    after: null,
    origin: 'event',
    ...change,
    path: workspace.at(change.path),
  });
  const tell = (...changes: readonly Told[]): void => {
    sequence += 1;
    tree.take({ sequence, changes: changes.map(whole) });
  };
  return { workspace, tree, look, tell };
}

describe('ToldTree', () => {
  it('finds what was not told, told otherwise, and told in vain', () => {
    const { workspace, tree, look, tell } = scene();
    for (const name of ['a', 'b', 'c']) workspace.write(workspace.at(name));
    tell({ path: 'b', after: look('b') }, { path: 'c', after: look('c') });
    workspace.append(workspace.at('b'));
    workspace.remove(workspace.at('c'));
    expect(tree.contradictions).toEqual([]);
    const [first, ...others] = tree.differences(workspace.root);
    expect(first).toBe('a: not told, but there is a file');
    expect(others.at(0)).toMatch(/^b: size told as 8, found 13$/);
    expect(others.at(-1)).toBe('c: told as a file, but there is nothing');
  });

  it('has nothing to say of a tree that was told right', () => {
    const { workspace, tree, look, tell } = scene();
    workspace.write(workspace.at('d/f'));
    tell({ path: 'd', after: look('d') }, { path: 'd/f', after: look('d/f') });
    expect(tree.differences(workspace.root)).toEqual([]);
    expect(tree.size).toBe(2);
  });

  it('overlooks the content of a file with several names when it is told to', () => {
    const { workspace, tree, look, tell } = scene();
    linkSync(workspace.write(workspace.at('a')), workspace.at('b'));
    tell({ path: 'a', after: look('a') }, { path: 'b', after: look('b') });
    workspace.append(workspace.at('a'));
    expect(tree.differences(workspace.root)).not.toEqual([]);
    expect(tree.differences(workspace.root, { hardLinks: false })).toEqual([]);
  });

  it('notes what contradicts what was told before', () => {
    const { workspace, tree, look, tell } = scene();
    workspace.write(workspace.at('d/f'));
    workspace.write(workspace.at('g'));
    tell({ path: 'd/f', after: look('d/f') });
    tell({ path: 'd', after: look('d') }, { path: 'd', after: look('d') });
    tell({ path: 'g', kind: 'modify', before: look('g'), after: look('g') });
    tell({ path: 'd', kind: 'remove', before: look('d') });
    tell({ path: 'g', kind: 'remove', before: look('d'), after: look('g') });
    expect(tree.contradictions).toEqual([
      'create of d/f: its directory was not told',
      'create of d: it was known',
      'modify of g: it was not known',
      'remove of d: d/f was still there',
      'remove of g: only what is removed has no state after it',
    ]);
  });

  it('follows paired renames, and counts sequences', () => {
    const { workspace, tree, look, tell } = scene();
    workspace.write(workspace.at('a'));
    tell({ path: 'a', after: look('a') });
    const before = look('a');
    workspace.rename(workspace.at('a'), workspace.at('b'));
    tell({ path: 'b', kind: 'rename', from: workspace.at('a'), before, after: look('b') });
    tree.take({ sequence: 9, changes: [] });
    expect(tree.contradictions).toEqual(['batch 9 came where 3 was due']);
    expect(tree.differences(workspace.root)).toEqual([]);
  });
});
