import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SECOND_LOOK_MARGIN_MS } from '../src/own-findings.ts';
import { PathWatcher } from '../src/path-watcher.ts';
import { createManualBackend } from '../src/testing/manual-backend.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { record, temporaryDirectory } from './support/scene.ts';

const WORST_MS = 4000;

/** A backend that polls, and sees nothing unless a test says so; its barrier is one of its looks. */
function stage(delivery: 'poll' | 'push') {
  const root = temporaryDirectory();
  const clock = createManualClock();
  const backend = createManualBackend({
    capabilities: { delivery, worstLatencyMs: WORST_MS, foreignWrites: 'seen' },
    barrier: () => undefined,
  });
  const watcher = new PathWatcher({ backends: [backend], clock });
  onTestFinished(() => watcher.close());
  return { root, clock, backend, watcher };
}

describe('what core saw between two looks of a backend that polls', () => {
  it('is looked at once more after the next look: found at the start, gone before it', async () => {
    const { root, clock, watcher } = stage('poll');
    writeFileSync(`${root}/a`, '');
    const watch = watcher.watch(root, { initial: 'emit' });
    const seen = record(watch, root);
    await watch.ready;
    rmSync(`${root}/a`);
    await clock.advance(WORST_MS + SECOND_LOOK_MARGIN_MS);
    expect(await seen.next(2)).toEqual(['create a', 'remove a']);
  });

  it('is given the time of a whole look, also when others were found before it', async () => {
    const { root, clock, watcher } = stage('poll');
    const watch = watcher.watch(root);
    const seen = record(watch, root);
    await watch.ready;
    await clock.advance(WORST_MS);
    writeFileSync(`${root}/late`, '');
    await watch.rescan();
    await clock.advance(SECOND_LOOK_MARGIN_MS);
    rmSync(`${root}/late`);
    await clock.advance(WORST_MS + SECOND_LOOK_MARGIN_MS);
    expect(await seen.next(2)).toEqual(['create late', 'remove late']);
  });

  it('is looked at once more by the next flush', async () => {
    const { root, watcher } = stage('poll');
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    await watch.flush();
    writeFileSync(`${root}/a`, '');
    await watch.rescan();
    rmSync(`${root}/a`);
    await watch.flush();
    expect(seen.take()).toEqual(['create a', 'remove a']);
  });

  it.each(['poll', 'push'] as const)('is not read again by every flush: %s', async (delivery) => {
    const { root, clock, watcher } = stage(delivery);
    const watch = watcher.watch(root);
    const seen = record(watch, root);
    await watch.ready;
    await clock.advance(WORST_MS + SECOND_LOOK_MARGIN_MS);
    await watch.flush();
    writeFileSync(`${root}/a`, '');
    await watch.flush();
    expect(seen.take()).toEqual([]);
  });
});
