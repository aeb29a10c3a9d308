import { watch, type FSWatcher } from 'node:fs';
import { EventRecorder, Workspace } from '@watchkeeper/conformance';
import type { WatchError } from '@watchkeeper/core';
import { Delivery, readRoot, RootGuard, turn } from '@watchkeeper/core/backend-kit';
import { createOpenRequest } from '@watchkeeper/core/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HandleRequest } from '../src/handle-set.ts';
import { NativeTreeCover } from '../src/native-tree-cover.ts';
import { errors } from '../src/watch-failure.ts';

/** The events of macOS and Windows are fed in by hand: their handles are not to be had elsewhere. */
describe('NativeTreeCover', () => {
  let workspace: Workspace;
  let recorder: EventRecorder;
  let opened: HandleRequest;
  let handle: FSWatcher;
  const fail = vi.fn<(cause: unknown) => void>();
  const gone = vi.fn<(error: WatchError) => void>();

  beforeEach(async () => {
    workspace = new Workspace();
    recorder = new EventRecorder();
    handle = watch(workspace.base);
    const delivery = new Delivery(recorder, errors);
    const cover = new NativeTreeCover({
      request: createOpenRequest(workspace.root, { ignores: (relative) => relative === 'skipped' }),
      handles: {
        open: (request) => {
          opened = request;
          return handle;
        },
        close: () => {},
      },
      delivery,
      guard: new RootGuard(workspace.root, readRoot(workspace.root, errors), errors, gone),
      sliceMs: 4,
      fail,
    });
    cover.start();
    delivery.release();
    await turn();
    fail.mockClear();
    gone.mockClear();
  });

  afterEach(() => {
    handle.close();
    workspace.dispose();
  });

  it('opens one recursive handle on the root', () => {
    expect(opened).toMatchObject({ path: workspace.root, recursive: true });
  });

  it('touches a changed entry at its depth', () => {
    opened.onEvent('change', 'a/b');
    expect(recorder.touchesSince()).toEqual([
      { path: workspace.at('a/b'), reach: 'entry', hint: 'changed' },
    ]);
  });

  it('lets a directory that came be read whole, since what it brought sends no event', () => {
    workspace.write(workspace.at('d/e/file'));
    opened.onEvent('rename', 'd');
    expect(recorder.covers(workspace.at('d/e/file'))).toBe(true);
  });

  it('says that a name is gone, with all that was below', () => {
    opened.onEvent('rename', 'gone');
    expect(recorder.touchesSince()).toEqual([
      { path: workspace.at('gone'), reach: 'tree', hint: 'removed', stat: null },
    ]);
  });

  it('asks about every directory above an entry before it touches it', async () => {
    opened.onEvent('change', 'skipped');
    opened.onEvent('change', 'skipped/deep/file');
    opened.onEvent('rename', 'skipped/deep');
    await turn();
    expect(recorder.touchesSince()).toEqual([]);
  });

  it('reports a loss when an event has no name', () => {
    opened.onEvent('rename', null);
    expect(recorder.covers(workspace.at('any'))).toBe(true);
    expect(recorder.touchesSince()).toEqual([]);
  });

  it('takes an error of the handle for the end of the root when the root is gone', () => {
    workspace.remove(workspace.root);
    opened.onError(new Error('EPERM'));
    expect(gone).toHaveBeenCalledTimes(1);
    expect(fail).not.toHaveBeenCalled();
  });

  it('fails when the handle fails on a root that is there', () => {
    const error = new Error('EIO');
    opened.onError(error);
    expect(fail).toHaveBeenCalledWith(error);
  });
});
