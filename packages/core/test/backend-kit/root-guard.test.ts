import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { BackendErrors } from '../../src/backend-kit/backend-errors.ts';
import { readRoot, RootGuard } from '../../src/backend-kit/root-guard.ts';
import type { AbsPath } from '../../src/entry.ts';
import type { WatchError } from '../../src/errors.ts';
import { createManualClock } from '../../src/testing/manual-clock.ts';
import { makeTree } from './temporary-tree.ts';

const errors = new BackendErrors('kit');

const guardRoot = (root: AbsPath): { guard: RootGuard; gone: WatchError[] } => {
  const gone: WatchError[] = [];
  const identity = readRoot(root, errors);
  const guard = new RootGuard(root, identity, errors, (error) => gone.push(error));
  return { guard, gone };
};

describe('readRoot', () => {
  it.each([
    ['missing', 'ERR_WATCH_NOT_FOUND'],
    ['file', 'ERR_WATCH_NOT_DIRECTORY'],
    ['n'.repeat(300), 'ERR_WATCH_IO'],
  ])('refuses %s with %s', (name, code) => {
    const { root } = makeTree();
    writeFileSync(join(root, 'file'), '');
    const path = join(root, name) as AbsPath;
    expect(() => readRoot(path, errors)).toThrow(expect.objectContaining({ code, paths: [path] }));
  });
});

describe('RootGuard', () => {
  it('is content while the root is the same directory, whatever happens in it', () => {
    const { root } = makeTree();
    const { guard, gone } = guardRoot(root);
    writeFileSync(join(root, 'file'), '');
    expect(guard.check()).toBe(true);
    expect(gone).toEqual([]);
  });

  it('tells a removed root', () => {
    const { root } = makeTree();
    const { guard, gone } = guardRoot(root);
    rmSync(root, { recursive: true });
    expect(guard.check()).toBe(false);
    expect(gone).toMatchObject([{ code: 'ERR_WATCH_ROOT_GONE', retryable: true }]);
  });

  it('tells a root that was made again, although the inode number may be the same', () => {
    const { root } = makeTree();
    const { guard, gone } = guardRoot(root);
    rmSync(root, { recursive: true });
    mkdirSync(root);
    expect(guard.check()).toBe(false);
    expect(gone[0]?.message).toContain('was replaced');
  });

  it('looks on its own every interval, until the root is gone', async () => {
    const clock = createManualClock();
    const { base, root } = makeTree();
    const { guard, gone } = guardRoot(root);
    const between = vi.fn<() => void>();
    guard.start(clock, 1000, between);
    await clock.advance(2500);
    expect(between).toHaveBeenCalledTimes(2);
    const moved = `${base}-moved`;
    renameSync(base, moved);
    try {
      await clock.advance(1000);
      expect(gone).toHaveLength(1);
      expect(clock.pending).toBe(0);
    } finally {
      renameSync(moved, base);
    }
  });

  it('leaves no timer once stopped, not even from between two looks', async () => {
    const clock = createManualClock();
    const { root } = makeTree();
    const { guard } = guardRoot(root);
    guard.start(clock, 1000, () => guard.stop());
    await clock.advance(1000);
    expect(clock.pending).toBe(0);
    const other = guardRoot(root).guard;
    other.start(clock, 1000, () => {});
    other.stop();
    expect(clock.pending).toBe(0);
  });
});
