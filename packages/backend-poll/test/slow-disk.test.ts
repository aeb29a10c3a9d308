import { EventRecorder } from '@watchkeeper/conformance';
import type { AbsPath } from '@watchkeeper/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SWEEP_ALLOWANCE_MS } from '../src/capabilities.ts';
import { MAX_INTERVAL_MS } from '../src/options.ts';
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

  it('does not hold up other places when its server is dead', async () => {
    const others = ['x', 'y'].map((name) => {
      polling.write(`${name}/file`);
      return { root: polling.workspace.at(name), recorder: new EventRecorder() };
    });
    const dead = polling.workspace.at('d');
    for (const [index, root] of [dead, ...others.map((other) => other.root)].entries()) {
      polling.disk.devices.set(root, BigInt(index));
    }
    const subscriptions = [
      await polling.open({ ...REMOTE, root: dead }),
      await polling.open({ ...REMOTE, root: dead, recorder: new EventRecorder() }),
      ...(await Promise.all(others.map((other) => polling.open({ ...REMOTE, ...other })))),
    ];
    const release = polling.disk.holdReads(dead);
    await polling.clock.advance(10_000);
    for (const { root } of others) polling.workspace.write(`${root}/file` as AbsPath, 'changed');
    await polling.clock.advance(1000);
    for (const { root, recorder } of others) {
      await expect.poll(() => recorder.covers(`${root}/file` as AbsPath)).toBe(true);
    }
    expect(polling.disk.inFlight).toBe(1);
    release();
    await Promise.all(subscriptions.map((subscription) => subscription.close()));
  });

  it('is told of once when it has not answered for longer than was promised', async () => {
    const subscription = await polling.open(REMOTE);
    const release = holdReads();
    await polling.clock.advance(1000 + MAX_INTERVAL_MS + SWEEP_ALLOWANCE_MS - 1);
    expect(polling.recorder.degradedSince()).toEqual([]);
    await polling.clock.advance(20_000);
    expect(polling.recorder.degradedSince()).toMatchObject([
      { code: 'ERR_WATCH_TIMEOUT', effect: 'noted', paths: [polling.workspace.root] },
    ]);
    release();
    await subscription.close();
  });

  it('lets a close go ahead of reads that have not begun', async () => {
    const first = await polling.open(REMOTE);
    const second = await polling.open({ ...REMOTE, recorder: new EventRecorder() });
    const release = holdReads();
    await polling.clock.advance(1500);
    expect(polling.disk.inFlight).toBe(1);
    const closing = [first, second].map(async (subscription, index) => {
      await subscription.close();
      return index;
    });
    await expect(Promise.race(closing)).resolves.toBe(1);
    release();
    await Promise.all(closing);
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
