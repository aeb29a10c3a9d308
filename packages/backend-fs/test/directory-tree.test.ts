import { Workspace } from '@watchkeeper/conformance';
import { createOpenRequest } from '@watchkeeper/core/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DirectoryTree, type TreeEvents } from '../src/directory-tree.ts';
import { HandleSet, type HandleRequest } from '../src/handle-set.ts';

/** Errors of handles come on macOS and Windows only, from their `error` event: they are fed in by hand. */
describe('DirectoryTree, when a handle fails after it was opened', () => {
  let workspace: Workspace;
  let handles: HandleSet;
  let opened: HandleRequest[];
  const uncovered = vi.fn<TreeEvents['onUncovered']>();

  beforeEach(() => {
    workspace = new Workspace();
    for (const name of ['first', 'last']) workspace.makeDirectory(workspace.at(name));
    handles = new HandleSet(false);
    opened = [];
    uncovered.mockClear();
  });

  afterEach(async () => {
    await handles.closeAll();
    workspace.dispose();
  });

  function makeTree(): DirectoryTree {
    const events: TreeEvents = {
      onEvent: () => {},
      onCovered: () => {},
      onRegained: () => {},
      onUncovered: uncovered,
      onRootGone: () => {},
    };
    return new DirectoryTree(
      createOpenRequest(workspace.root),
      {
        open: (request) => {
          opened.push(request);
          return handles.open(request);
        },
        close: (handle) => handles.close(handle),
      },
      // One directory per call of `start`.
      0,
      events,
    );
  }

  function fail(path: string, errno: string): void {
    const error = Object.assign(new Error(errno), { code: errno });
    for (const { onError } of opened.filter((request) => request.path === path)) onError(error);
  }

  it.each([
    ['the root', '', 'EPERM', 'ERR_WATCH_PERMISSION'],
    ['a directory below for want of watches', 'first', 'ENOSPC', 'ERR_WATCH_LIMIT_WATCHES'],
  ])('throws out of the opening and not into the event: %s', (_, relative, errno, code) => {
    const path = workspace.makeDirectory(workspace.at(relative));
    const tree = makeTree();
    while (!opened.some((request) => request.path === path)) expect(tree.start()).toBe(false);
    fail(path, errno);
    const count = opened.length;
    expect(() => tree.start()).toThrow(expect.objectContaining({ code, effect: 'closed' }));
    expect(opened).toHaveLength(count);
    expect(uncovered).not.toHaveBeenCalled();
  });

  it('opens the rest where a single directory below fails', () => {
    const path = workspace.makeDirectory(workspace.at('first'));
    const tree = makeTree();
    while (!opened.some((request) => request.path === path)) expect(tree.start()).toBe(false);
    fail(path, 'EPERM');
    while (!tree.start());
    expect(uncovered.mock.calls).toMatchObject([
      [{ code: 'ERR_WATCH_PERMISSION', effect: 'partial', paths: [path] }],
    ]);
    expect(opened.map((request) => request.path)).toContain(workspace.at('last'));
  });
});
