import { WatchError, type WatchErrorCode } from '@watchkeeper/core';
import { createOpenRequest } from '@watchkeeper/core/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFaultBackend, EventRecorder, Workspace } from '../src/index.ts';

function scene() {
  const workspace = new Workspace();
  const backend = createFaultBackend();
  const recorder = new EventRecorder();
  onTestFinished(() => workspace.dispose());
  const open = async () => {
    const subscription = await backend.open(createOpenRequest(workspace.root), recorder);
    onTestFinished(() => subscription.close());
    return subscription;
  };
  return { workspace, backend, recorder, open };
}

const error = (code: WatchErrorCode): WatchError =>
  new WatchError('On command', { code, backend: 'fault' });

describe('createFaultBackend', () => {
  it('tells a change by itself, without a barrier', async () => {
    const { workspace, recorder, open } = scene();
    await open();
    const path = workspace.write(workspace.at('f'));
    await expect.poll(() => recorder.covers(path)).toBe(true);
  });

  it('reports a loss to those who watch below it, and a problem to everyone', async () => {
    const { workspace, backend, recorder, open } = scene();
    await open();
    await new Promise(setImmediate);
    backend.lose('overflow', '/elsewhere');
    expect(recorder.covers(workspace.at('any'))).toBe(false);
    backend.lose();
    expect(recorder.covers(workspace.at('any'))).toBe(true);
    backend.degrade(error('ERR_WATCH_LIMIT_WATCHES'));
    await expect.poll(() => recorder.degradedSince().length).toBe(1);
  });

  it('ends on command, and nothing is open any more', async () => {
    const { backend, recorder, open } = scene();
    await open();
    await new Promise(setImmediate);
    expect(backend.requests).toHaveLength(1);
    backend.end(error('ERR_WATCH_BACKEND_FAILED'));
    expect(recorder.end?.code).toBe('ERR_WATCH_BACKEND_FAILED');
    expect(backend.requests).toEqual([]);
  });

  it('rejects and throws on command', async () => {
    const { backend, open } = scene();
    backend.faults.reject = () => error('ERR_WATCH_LIMIT_FILES');
    await expect(open()).rejects.toMatchObject({ code: 'ERR_WATCH_LIMIT_FILES' });
    backend.faults.throw = new Error('boom');
    await expect(open()).rejects.toThrow('boom');
  });

  it.each([
    ['EIO', 'ERR_WATCH_IO'],
    ['EACCES', 'ERR_WATCH_PERMISSION'],
  ])(
    'tells %s once as %s, keeps what was known, and finds what happened meanwhile',
    async (code, expected) => {
      const { workspace, backend, recorder, open } = scene();
      const path = workspace.write(workspace.at('d/f'));
      const subscription = await open();
      const mark = recorder.mark();
      backend.faults.refuse = (one) => (one === workspace.at('d') ? code : null);
      workspace.remove(path);
      await subscription.barrier?.();
      await subscription.barrier?.();
      expect(recorder.touchesSince(mark)).toEqual([]);
      expect(recorder.degradedSince().map((problem) => problem.code)).toEqual([expected]);
      backend.faults.refuse = null;
      await subscription.barrier?.();
      expect(recorder.covers(path, mark)).toBe(true);
    },
  );

  it('is silent about what it loses, until it looks there again', async () => {
    const { workspace, backend, recorder, open } = scene();
    const subscription = await open();
    backend.faults.lose = () => true;
    const path = workspace.write(workspace.at('f'));
    await subscription.barrier?.();
    expect(recorder.covers(path)).toBe(false);
    backend.faults.lose = null;
    workspace.append(path);
    await subscription.barrier?.();
    expect(recorder.covers(path)).toBe(true);
  });
});
