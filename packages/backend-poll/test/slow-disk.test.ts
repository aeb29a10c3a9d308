import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { READS_PER_DEVICE } from '../src/read-gate.ts';
import { Polling } from './polling.ts';

const REMOTE = { place: { fsType: 'nfs4', shared: true } } as const;

describe('a disk that may be remote', () => {
  let polling: Polling;
  beforeEach(() => {
    polling = new Polling({ intervalMs: 1000 });
    for (let index = 0; index < 20; index += 1) polling.write(`d/f${index}`);
  });
  afterEach(() => polling.workspace.dispose());

  const holdReads = (): (() => void) => polling.disk.holdReads(polling.workspace.root);

  it('is read asynchronously, few reads at a time', async () => {
    const subscription = await polling.open(REMOTE);
    await subscription.barrier?.();
    expect(polling.disk.mostInFlight).toBe(READS_PER_DEVICE);
    await subscription.close();
  });

  it('is never swept twice at once: what is overdue waits, and does not pile up', async () => {
    const path = polling.workspace.at('d/f3');
    const subscription = await polling.open(REMOTE);
    polling.disk.looks.clear();
    const release = holdReads();
    await polling.clock.advance(10_000);
    expect(polling.disk.inFlight).toBe(1);
    expect(polling.clock.pending).toBe(0);
    release();
    await expect.poll(() => polling.clock.pending).toBe(1);
    expect(polling.disk.looksAt(path)).toBe(1);
    // From the end of the slow sweep, not from when it was due.
    await polling.clock.advance(999);
    expect(polling.disk.looksAt(path)).toBe(1);
    await polling.clock.advance(1);
    await expect.poll(() => polling.disk.looksAt(path)).toBe(2);
    await subscription.close();
  });

  it('lets a close wait for the read under way, and says nothing more', async () => {
    const subscription = await polling.open(REMOTE);
    polling.workspace.append(polling.workspace.at('d/f3'));
    const release = holdReads();
    await polling.clock.advance(1000);
    const outcomes: string[] = [];
    const closing = subscription.close().finally(() => outcomes.push('closed'));
    await polling.clock.advance(1000);
    expect(outcomes).toEqual([]);
    release();
    await closing;
    expect(polling.recorder.mark()).toBe(0);
    expect(polling.disk.inFlight).toBe(0);
  });

  it('lets an abort end an opening that gets no answer', async () => {
    const controller = new AbortController();
    const release = holdReads();
    const opening = polling.open({ ...REMOTE, signal: controller.signal });
    controller.abort();
    await expect(opening).rejects.toMatchObject({ code: 'ERR_WATCH_ABORTED' });
    release();
  });

  it('keeps its watch when the server hands out another number for the root', async () => {
    const subscription = await polling.open(REMOTE);
    const root = polling.workspace.root;
    polling.workspace.rename(root, polling.workspace.outside('old'));
    const fresh = polling.write('fresh');
    await subscription.barrier?.();
    expect(polling.recorder.end).toBe(null);
    expect(polling.recorder.covers(fresh)).toBe(true);
    await subscription.close();
  });
});

describe('a disk with faults', () => {
  let polling: Polling;
  beforeEach(() => {
    polling = new Polling({ intervalMs: 1000 });
  });
  afterEach(() => polling.workspace.dispose());

  it.each(['EIO', 'ESTALE', 'EACCES'])(
    'is noted once on %s, never taken for a removal, and forgotten on success',
    async (code) => {
      const path = polling.write('file');
      const subscription = await polling.open();
      polling.disk.failures.set(path, code);
      await polling.clock.advance(5000);
      expect(polling.recorder.touchesSince()).toEqual([]);
      expect(polling.recorder.degradedSince()).toMatchObject([
        {
          code: code === 'EACCES' ? 'ERR_WATCH_PERMISSION' : 'ERR_WATCH_IO',
          effect: 'partial',
          paths: [path],
        },
      ]);
      polling.disk.failures.clear();
      polling.workspace.append(path);
      await polling.clock.advance(1000);
      expect(polling.recorder.covers(path)).toBe(true);
      polling.disk.failures.set(path, code);
      await polling.clock.advance(1000);
      expect(polling.recorder.degradedSince()).toHaveLength(2);
      await subscription.close();
    },
  );

  it('keeps the members of a directory that cannot be listed, and lists it again later', async () => {
    const directory = polling.workspace.at('d');
    const old = polling.write('d/old');
    const subscription = await polling.open();
    polling.disk.failures.set(`${directory}/`, 'EACCES');
    const fresh = polling.write('d/fresh');
    await polling.clock.advance(3000);
    expect(polling.recorder.covers(fresh)).toBe(false);
    expect(polling.recorder.degradedSince()).toMatchObject([{ paths: [directory] }]);
    polling.disk.failures.clear();
    polling.workspace.append(old);
    await polling.clock.advance(1000);
    expect([polling.recorder.covers(fresh), polling.recorder.covers(old)]).toEqual([true, true]);
    await subscription.close();
  });

  it('makes one call of all faults of a sweep', async () => {
    const paths = ['a', 'b', 'c'].map((name) => polling.write(name));
    const subscription = await polling.open();
    for (const path of paths) polling.disk.failures.set(path, 'EIO');
    await polling.clock.advance(1000);
    const [error, ...others] = polling.recorder.degradedSince();
    expect(others).toEqual([]);
    expect([...(error?.paths ?? [])].sort()).toEqual(paths);
    await subscription.close();
  });

  it('refuses a root that cannot be read', async () => {
    polling.disk.failures.set(polling.workspace.root, 'EIO');
    await expect(polling.open()).rejects.toMatchObject({
      code: 'ERR_WATCH_IO',
      effect: 'closed',
    });
  });
});
