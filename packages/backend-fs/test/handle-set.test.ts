import { Workspace } from '@watchkeeper/conformance';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandleSet } from '../src/handle-set.ts';

const open = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;

describe('HandleSet', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace();
  });
  afterEach(() => workspace.dispose());

  const request = (
    onError: (error: Error) => void = () => {},
  ): Parameters<HandleSet['open']>[0] => ({
    path: workspace.root,
    recursive: false,
    onEvent: () => {},
    onError,
  });

  it('has let go of every handle when it resolves', async () => {
    const handles = new HandleSet(true);
    const first = handles.open(request());
    handles.open(request());
    handles.close(first);
    handles.close(first);
    expect(handles.size).toBe(1);
    await handles.closeAll();
    expect([handles.size, open()]).toEqual([0, 0]);
  });

  it('counts only handles that keep the process alive as active, by its ref state', async () => {
    const handles = new HandleSet(false);
    handles.open(request());
    expect(open()).toBe(0);
    handles.setReferenced(true);
    handles.open(request());
    expect(open()).toBe(2);
    handles.setReferenced(false);
    expect(open()).toBe(0);
    await handles.closeAll();
  });

  it('passes errors of a handle on instead of letting them end the process', async () => {
    const handles = new HandleSet(true);
    const errors: Error[] = [];
    const handle = handles.open(request((error) => errors.push(error)));
    const error = new Error('EPERM');
    handle.emit('error', error);
    expect(errors).toEqual([error]);
    await handles.closeAll();
  });

  it('throws what the system says', () => {
    const handles = new HandleSet(true);
    expect(() => handles.open({ ...request(), path: workspace.at('missing') })).toThrow(/ENOENT/);
    expect(handles.size).toBe(0);
  });
});
