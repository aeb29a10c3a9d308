import { Workspace } from '@watchkeeper/conformance';
import type { WatchError } from '@watchkeeper/core';
import { createManualClock } from '@watchkeeper/core/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RootGuard, readRoot } from '../src/root-guard.ts';

describe('RootGuard', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace();
  });
  afterEach(() => workspace.dispose());

  const guardRoot = (): { guard: RootGuard; gone: WatchError[] } => {
    const gone: WatchError[] = [];
    const identity = readRoot(workspace.root);
    const guard = new RootGuard(workspace.root, identity, (error) => gone.push(error));
    return { guard, gone };
  };

  it('is content while the root is the same directory, whatever happens in it', () => {
    const { guard, gone } = guardRoot();
    workspace.write(workspace.at('file'));
    expect(guard.check()).toBe(true);
    expect(gone).toEqual([]);
  });

  it('tells a removed root', () => {
    const { guard, gone } = guardRoot();
    workspace.remove(workspace.root);
    expect(guard.check()).toBe(false);
    expect(gone[0]).toMatchObject({ code: 'ERR_WATCH_ROOT_GONE', retryable: true });
  });

  it('tells a root that was made again, although the inode number may be the same', () => {
    const { guard, gone } = guardRoot();
    workspace.remove(workspace.root);
    workspace.makeDirectory(workspace.root);
    expect(guard.check()).toBe(false);
    expect(gone[0]?.message).toContain('was replaced');
  });

  it('looks on its own every interval, until the root is gone', async () => {
    const clock = createManualClock();
    const { guard, gone } = guardRoot();
    const between = vi.fn<() => void>();
    guard.start(clock, 1000, between);
    await clock.advance(2500);
    expect(between).toHaveBeenCalledTimes(2);
    workspace.rename(workspace.base, `${workspace.base}-moved` as typeof workspace.base);
    try {
      await clock.advance(1000);
      expect(gone).toHaveLength(1);
      expect(clock.pending).toBe(0);
    } finally {
      workspace.rename(`${workspace.base}-moved` as typeof workspace.base, workspace.base);
    }
  });

  it('leaves no timer once stopped', async () => {
    const clock = createManualClock();
    const { guard } = guardRoot();
    guard.start(clock, 1000, () => {});
    guard.stop();
    expect(clock.pending).toBe(0);
  });

  it('suspects an event that carries the name of the root, as the kernel sends for the root itself', () => {
    const { guard } = guardRoot();
    expect(guard.mayConcern('root')).toBe(true);
    expect(guard.mayConcern('file')).toBe(false);
  });
});
