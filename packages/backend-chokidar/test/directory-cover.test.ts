import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AbsPath, Sink, Subscription } from '@watchkeeper/core';
import { EventRecorder } from '@watchkeeper/conformance';
import { createManualClock, createOpenRequest } from '@watchkeeper/core/testing';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createChokidarBackendOn } from '../src/chokidar-backend.ts';
import { ROOT_CHECK_MS } from '../src/options.ts';
import { createFakeChokidar, type FakeWatcher } from './fake-chokidar.ts';
import { createOn, majors } from './versions.ts';

/** More rounds than a race between chokidar's looks and the next change needs to show. */
const ROUNDS = 25;

function makeRoot(): AbsPath {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-cover-')));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const root = join(base, 'c');
  mkdirSync(root);
  return root as AbsPath;
}

async function settle(subscription: Subscription): Promise<void> {
  await subscription.barrier?.();
}

describe.each(majors)('an entry with the name of its directory, on chokidar %d', (major) => {
  beforeEach((context) => {
    context.skip(process.platform !== 'linux', 'directories are watched one by one on Linux only');
  });

  it.each([
    ['the root', ''],
    ['a directory below', 'c'],
  ])('may come and go in %s, and nothing written beside it is lost', async (_, below) => {
    const root = makeRoot();
    const directory = join(root, below);
    mkdirSync(directory, { recursive: true });
    const twin = join(directory, 'c');
    const beside = join(directory, 'beside') as AbsPath;
    writeFileSync(beside, '');
    const recorder = new EventRecorder();
    const subscription = await createOn(major).open(createOpenRequest(root), recorder);
    for (let round = 0; round < ROUNDS; round += 1) {
      if (below === '') mkdirSync(join(twin, 'deep'), { recursive: true });
      else writeFileSync(twin, '');
      await settle(subscription);
      rmSync(twin, { recursive: true });
      await settle(subscription);
      const mark = recorder.mark();
      appendFileSync(beside, 'more\n');
      await settle(subscription);
      expect(recorder.covers(beside, mark), `round ${round}`).toBe(true);
    }
    expect(recorder.end).toBe(null);
    await subscription.close();
  });

  it('may go first, and then what is beside it, and then the directory', async () => {
    const root = makeRoot();
    const directory = join(root, 'c');
    const [twin, beside] = [join(directory, 'c'), join(directory, 'beside') as AbsPath];
    mkdirSync(directory);
    for (const path of [twin, beside]) writeFileSync(path, '');
    const recorder = new EventRecorder();
    const subscription = await createOn(major).open(createOpenRequest(root), recorder);
    unlinkSync(twin);
    unlinkSync(beside);
    rmSync(directory, { recursive: true });
    await settle(subscription);
    expect(recorder.covers(beside)).toBe(true);
    await subscription.close();
  });

  it('may go while another directory takes the place of its own', async () => {
    const root = makeRoot();
    const directory = join(root, 'c');
    const beside = join(directory, 'beside') as AbsPath;
    mkdirSync(directory);
    writeFileSync(join(directory, 'c'), '');
    const recorder = new EventRecorder();
    const subscription = await createOn(major).open(createOpenRequest(root), recorder);
    rmSync(directory, { recursive: true });
    mkdirSync(directory);
    await settle(subscription);
    const mark = recorder.mark();
    writeFileSync(beside, '');
    await settle(subscription);
    expect(recorder.covers(beside, mark)).toBe(true);
    await subscription.close();
  });
});

describe('a directory that could not be watched', () => {
  const exhausted = Object.assign(new Error('no watch'), { code: 'ENOSPC', syscall: 'watch' });

  it('is told as uncovered, once, and as covered when it is watched', async () => {
    const root = makeRoot();
    const { chokidar, made } = createFakeChokidar(5);
    const clock = createManualClock();
    const sink = {
      touched: vi.fn<Sink['touched']>(),
      lost: vi.fn<Sink['lost']>(),
      degraded: vi.fn<Sink['degraded']>(),
      ended: vi.fn<Sink['ended']>(),
    } satisfies Sink;
    const backend = createChokidarBackendOn({ load: async () => chokidar, pools: new WeakMap() });
    const watcher = async (index: number): Promise<FakeWatcher> => {
      await vi.waitFor(() => expect(made.length).toBe(index + 1));
      return made[index] as FakeWatcher;
    };
    const place = { platform: 'linux' } as const;
    const opening = backend.open(createOpenRequest(root, { clock, place }), sink);
    const first = await watcher(0);
    first.tell('ready');
    const subscription = await opening;
    const directory = join(root, 'late');
    mkdirSync(directory);
    first.tell('raw', 'rename', 'late', { watchedPath: root });
    (await watcher(1)).tell('error', exhausted);
    await vi.waitFor(() => expect(sink.degraded).toHaveBeenCalledTimes(1));
    expect(sink.degraded.mock.lastCall).toMatchObject([
      { code: 'ERR_WATCH_LIMIT_WATCHES', effect: 'partial', paths: [directory] },
    ]);
    await clock.advance(ROOT_CHECK_MS);
    (await watcher(2)).tell('error', exhausted);
    await clock.advance(ROOT_CHECK_MS);
    const last = await watcher(3);
    expect(sink.lost).not.toHaveBeenCalled();
    last.tell('ready');
    await vi.waitFor(() => expect(sink.lost).toHaveBeenCalledWith([directory], 'uncovered'));
    expect(sink.degraded).toHaveBeenCalledTimes(1);
    await subscription.close();
  });
});
