import { lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, type BigIntStats } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectPlace, type AbsPath, type Place } from '@watchkeeper/core';
import { AGE_MS, DirectorySigns } from '../src/directory-signs.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-signs-'))) as AbsPath;
const stats = (path: string): BigIntStats => lstatSync(path, { bigint: true });
let place: Place;

beforeAll(async () => {
  mkdirSync(join(root, 'full', 'inner'), { recursive: true });
  mkdirSync(join(root, 'leaf'));
  place = await detectPlace(root);
});

afterAll(() => rmSync(root, { recursive: true }));

function signsOf(fsType: string, rootStats = stats(root)): DirectorySigns {
  const signs = new DirectorySigns({ place: { ...place, platform: 'linux', fsType } });
  signs.useRoot(rootStats);
  return signs;
}

describe('the signs of a directory', () => {
  it('never say that a directory with directories is a leaf, whatever this file system is', () => {
    expect(signsOf(place.fsType).isLeaf(stats(join(root, 'full')))).toBe(false);
  });

  it('say by its links that a directory holds no other', (context) => {
    const leaf = stats(join(root, 'leaf'));
    if (leaf.nlink !== 2n) context.skip('directories of this file system do not count links');
    expect(signsOf('ext4').isLeaf(leaf)).toBe(true);
  });

  it.each(['btrfs', 'overlay', 'nfs4', 'fuse.sshfs', 'unknown'])('are not read on %s', (fsType) => {
    const signs = signsOf(fsType);
    const leaf = Object.assign(stats(join(root, 'leaf')), { nlink: 2n });
    expect(signs.trusted).toBe(false);
    expect(signs.isLeaf(leaf)).toBe(false);
    expect(signs.stoodAt(leaf, Date.now() + 3 * AGE_MS)).toBe(false);
  });

  it('are not read of what is mounted below the root', () => {
    const signs = signsOf('ext4');
    const mounted = Object.assign(stats(join(root, 'leaf')), { nlink: 2n, dev: 1n });
    expect(signs.isLeaf(mounted)).toBe(false);
    expect(signs.stoodAt(mounted, Date.now() + 3 * AGE_MS)).toBe(false);
  });

  it('say by its age that nothing took the place of a directory, and nothing of a young one', () => {
    const signs = signsOf('ext4');
    const leaf = stats(join(root, 'leaf'));
    expect(signs.stoodAt(leaf, Date.now())).toBe(false);
    expect(signs.stoodAt(leaf, Number(leaf.ctimeMs) + AGE_MS - 1)).toBe(false);
    expect(signs.stoodAt(leaf, Number(leaf.ctimeMs) + AGE_MS + 2)).toBe(true);
  });

  it('are not trusted before the root is known', () => {
    expect(new DirectorySigns({ place: { ...place, fsType: 'ext4' } }).trusted).toBe(false);
  });
});
