import { EventRecorder } from '@watchkeeper/conformance';
import type { AbsPath, LossReason } from '@watchkeeper/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TRANSIENT_LOOKS } from '../src/poll-failure.ts';
import { Polling } from './polling.ts';

/** Keeps losses as well. */
class LossRecorder extends EventRecorder {
  readonly losses: { readonly under: readonly AbsPath[]; readonly why: LossReason }[] = [];

  override lost(under: readonly AbsPath[], why: LossReason): void {
    super.lost(under, why);
    this.losses.push({ under, why });
  }
}

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

  it('says that what could not be read is covered again', async () => {
    const path = polling.write('file');
    const recorder = new LossRecorder();
    const subscription = await polling.open({ recorder });
    polling.disk.failures.set(path, 'EACCES');
    await polling.clock.advance(1000);
    expect(recorder.losses).toEqual([]);
    polling.disk.failures.clear();
    await polling.clock.advance(2000);
    expect(recorder.losses).toEqual([{ under: [path], why: 'uncovered' }]);
    await subscription.close();
  });

  it('bears with an entry that is busy for a moment', async () => {
    const path = polling.write('file');
    const subscription = await polling.open();
    polling.disk.failures.set(path, 'EBUSY');
    await polling.clock.advance(1000 + (TRANSIENT_LOOKS - 2) * 250);
    expect(polling.recorder.degradedSince()).toEqual([]);
    await polling.clock.advance(250);
    expect(polling.recorder.degradedSince()).toMatchObject([{ paths: [path] }]);
    expect(polling.recorder.touchesSince()).toEqual([]);
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
