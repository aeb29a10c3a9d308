import { EventRecorder, Workspace } from '@watchkeeper/conformance';
import { createManualClock } from '@watchkeeper/core/testing';
import { createOpenRequest } from '@watchkeeper/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFsBackend } from '../src/index.ts';
import { readQueueLength } from '../src/queue-pressure.ts';

describe('createFsBackend', () => {
  let workspace: Workspace;
  let recorder: EventRecorder;
  beforeEach(() => {
    workspace = new Workspace();
    recorder = new EventRecorder();
  });
  afterEach(() => workspace.dispose());

  it('is usable wherever Node runs', async () => {
    await expect(createFsBackend().probe()).resolves.toMatchObject({ usable: true });
  });

  it('attaches what it read anyway to a touch, and a confirmed absence', async () => {
    const subscription = await createFsBackend().open(createOpenRequest(workspace.root), recorder);
    const path = workspace.write(workspace.at('file'), 'four');
    await subscription.barrier?.();
    expect(recorder.touchesWithin(path)[0]?.stat).toMatchObject({ type: 'file', size: 4n });
    const mark = recorder.mark();
    workspace.remove(path);
    await subscription.barrier?.();
    expect(recorder.touchesWithin(path, mark)[0]).toMatchObject({ hint: 'removed', stat: null });
    await subscription.close();
  });

  it('reports a throwing ignore function once and takes the path for wanted', async () => {
    const ignores = (): boolean => {
      throw new Error('from ignores');
    };
    const request = createOpenRequest(workspace.root, { ignores });
    const subscription = await createFsBackend().open(request, recorder);
    const path = workspace.write(workspace.at('file'));
    workspace.append(path);
    await subscription.barrier?.();
    expect(recorder.covers(path)).toBe(true);
    expect(recorder.degradedSince().map(({ effect }) => effect)).toEqual(['noted']);
    await subscription.close();
  });

  it('finds by its own look that an ancestor was renamed', async ({ skip }) => {
    skip(process.platform !== 'linux', 'inotify is a part of Linux');
    const clock = createManualClock();
    const root = workspace.makeDirectory(workspace.at('parent/watched'));
    const backend = createFsBackend({ rootCheckMs: 500 });
    const subscription = await backend.open(createOpenRequest(root, { clock }), recorder);
    workspace.rename(workspace.at('parent'), workspace.at('elsewhere'));
    await clock.advance(500);
    expect(recorder.end?.code).toBe('ERR_WATCH_ROOT_GONE');
    await subscription.close();
  });

  it('refuses a barrier on a closed or ended subscription', async ({ skip }) => {
    skip(process.platform !== 'linux', 'inotify is a part of Linux');
    const subscription = await createFsBackend().open(createOpenRequest(workspace.root), recorder);
    await subscription.close();
    await expect(subscription.barrier?.()).rejects.toMatchObject({ code: 'ERR_WATCH_CLOSED' });
  });

  it('keeps the promise of its barrier while the loop is busy', async ({ skip }) => {
    skip(process.platform !== 'linux', 'inotify is a part of Linux');
    const subscription = await createFsBackend().open(createOpenRequest(workspace.root), recorder);
    let busy = true;
    const keepBusy = (): void => {
      if (!busy) return;
      const end = performance.now() + 2;
      while (performance.now() < end);
      setImmediate(keepBusy);
      process.nextTick(() => {});
    };
    keepBusy();
    for (let round = 0; round < 40; round += 1) {
      const mark = recorder.mark();
      const paths = Array.from({ length: 25 }, (_, index) =>
        workspace.write(workspace.at(`r${round % 7}/n${round}/f${index}`)),
      );
      await subscription.barrier?.();
      expect(paths.filter((path) => !recorder.covers(path, mark))).toEqual([]);
    }
    busy = false;
    await subscription.close();
  });

  it('reports a loss after a burst that can have overflowed the queue', async ({ skip }) => {
    skip(process.platform !== 'linux', 'inotify is a part of Linux');
    const early = workspace.makeDirectory(workspace.at('early'));
    const subscription = await createFsBackend().open(createOpenRequest(workspace.root), recorder);
    const writes = Math.ceil(readQueueLength() / 2) + 1000;
    for (let count = 0; count < writes; count += 1) workspace.append(workspace.at(`f${count}`));
    const late = workspace.write(workspace.at('late/deep/file'));
    await subscription.barrier?.();
    expect(recorder.touchesWithin(late)).toEqual([]);
    expect(recorder.covers(late)).toBe(true);
    // The directories whose events were dropped are watched from now on.
    await subscription.barrier?.();
    const mark = recorder.mark();
    workspace.append(late);
    const other = workspace.write(workspace.at('early/file'), early);
    await subscription.barrier?.();
    expect([recorder.covers(late, mark), recorder.covers(other, mark)]).toEqual([true, true]);
    await subscription.close();
  });
});
