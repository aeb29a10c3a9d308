import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { makePrivateDirectory } from '../src/private-directory.ts';

describe('makePrivateDirectory', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'watchkeeper-private-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('makes every missing directory for this user only', (context) => {
    if (process.platform === 'win32') context.skip('Windows has no permission bits');
    const path = join(root, 'a', 'b');
    makePrivateDirectory(path);
    expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o700);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('leaves a directory that exists as it is', () => {
    const path = join(root, 'mine');
    mkdirSync(path);
    const { mode } = statSync(path);
    makePrivateDirectory(path);
    expect(statSync(path).mode).toBe(mode);
  });

  it('fails where a file is in the way', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => makePrivateDirectory(join(root, 'file', 'below'))).toThrow(/ENOTDIR|EEXIST/u);
  });

  it('fails at once below a directory that takes no entries', (context) => {
    if (process.platform !== 'linux') context.skip('only Linux has /proc');
    expect(() => makePrivateDirectory('/proc/watchkeeper/below')).toThrow(/ENOENT|EACCES|EPERM/u);
  });
});
