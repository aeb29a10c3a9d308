import { symlinkSync } from 'node:fs';
import { Workspace } from '@watchkeeper/conformance';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSame, lookAt, toEntryStat, typeOf } from '../src/entry-look.ts';

describe('a look at an entry', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace();
  });
  afterEach(() => workspace.dispose());

  it('finds nothing where nothing is, also below a file', () => {
    const file = workspace.write(workspace.at('file'));
    expect(lookAt(workspace.at('missing'))).toBe(null);
    expect(lookAt(`${file}/below`)).toBe(null);
  });

  it('throws what says nothing about the entry', () => {
    expect(() => lookAt(workspace.at('n'.repeat(300)))).toThrow(/ENAMETOOLONG/);
  });

  it('tells two entries apart that had one name after the other', () => {
    const path = workspace.write(workspace.at('file'));
    const before = lookAt(path);
    const again = lookAt(path);
    workspace.remove(path);
    workspace.write(path);
    const after = lookAt(path);
    expect([
      before && again && isSame(before, again),
      before && after && isSame(before, after),
    ]).toEqual([true, false]);
  });

  it('gives files and directories a stat, and leaves links to core', () => {
    const file = workspace.write(workspace.at('file'), 'four');
    symlinkSync('file', workspace.at('link'));
    const stats = [file, workspace.root, workspace.at('link')].map((path) => lookAt(path));
    expect(stats.map((found) => found && typeOf(found))).toEqual(['file', 'directory', 'symlink']);
    expect(stats.map((found) => found && toEntryStat(found))).toEqual([
      expect.objectContaining({ type: 'file', size: 4n, nlink: 1n }),
      expect.objectContaining({ type: 'directory' }),
      undefined,
    ]);
  });
});
