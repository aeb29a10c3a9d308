import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Workspace } from '../src/workspace.ts';

describe('Workspace', () => {
  it('makes directories as they are needed, inside and outside of the root', () => {
    const workspace = new Workspace();
    const inside = workspace.write(workspace.at('a/b/file'), 'one');
    workspace.rename(inside, workspace.outside('c/file'));
    expect(existsSync(inside)).toBe(false);
    expect(readFileSync(workspace.outside('c/file'), 'utf8')).toBe('one');
    workspace.dispose();
  });

  it('replaces by rename and leaves no temporary file', () => {
    const workspace = new Workspace();
    const path = workspace.write(workspace.at('file'), 'one');
    workspace.replace(path, 'two');
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(existsSync(`${path}.tmp`)).toBe(false);
    workspace.dispose();
  });

  it('is removed whatever the permissions and however often', () => {
    const workspace = new Workspace();
    chmodSync(workspace.makeDirectory(workspace.at('locked/inner')), 0o000);
    chmodSync(workspace.at('locked'), 0o000);
    workspace.dispose();
    workspace.dispose();
    expect(existsSync(workspace.base)).toBe(false);
  });
});
