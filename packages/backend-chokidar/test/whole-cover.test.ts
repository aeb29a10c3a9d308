import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AbsPath, Scope, Subscription } from '@watchkeeper/core';
import { EventRecorder } from '@watchkeeper/conformance';
import { createManualClock, createOpenRequest } from '@watchkeeper/core/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createChokidarBackendOn } from '../src/chokidar-backend.ts';
import type { ChokidarMajor } from '../src/chokidar-module.ts';
import { CLOSE_GRACE_MS, ROOT_CHECK_MS } from '../src/options.ts';
import { createFakeChokidar, type FakeWatcher } from './fake-chokidar.ts';
import { createOn, majors } from './versions.ts';

function makeRoot(): AbsPath {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-whole-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root as AbsPath;
}

interface Opening {
  readonly root: AbsPath;
  readonly recorder: EventRecorder;
  readonly clock: ReturnType<typeof createManualClock>;
  readonly watcher: FakeWatcher;
  readonly opening: Promise<Subscription>;
}

/** Opens on macOS, as far as the backend can tell, through a chokidar that waits for orders. */
async function begin(
  major: ChokidarMajor,
  wish: { readonly scope?: Scope; readonly ignores?: (relative: string) => boolean } = {},
): Promise<Opening> {
  const root = makeRoot();
  const recorder = new EventRecorder();
  const clock = createManualClock();
  const { chokidar, made } = createFakeChokidar(major);
  const backend = createChokidarBackendOn({ load: async () => chokidar, pools: new WeakMap() });
  const request = createOpenRequest(root, { ...wish, clock, place: { platform: 'darwin' } });
  const opening = backend.open(request, recorder);
  opening.catch(() => undefined);
  await expect.poll(() => made.length).toBe(1);
  return { root, recorder, clock, watcher: made[0] as FakeWatcher, opening };
}

async function open(...args: Parameters<typeof begin>): Promise<Opening> {
  const begun = await begin(...args);
  begun.watcher.tell('ready');
  const subscription = await begun.opening;
  onTestFinished(() => subscription.close());
  return begun;
}

const system = (code: string, path?: string): Error =>
  Object.assign(new Error(code), {
    code,
    syscall: 'watch',
    ...(path === undefined ? {} : { path }),
  });

describe('one chokidar for a whole scope', () => {
  it.each([
    ['add', 'f', 'entry', 'created'],
    ['addDir', 'd', 'tree', 'created'],
    ['change', 'f', 'entry', 'changed'],
    ['unlink', 'f', 'entry', 'removed'],
    ['unlinkDir', 'd', 'tree', 'removed'],
  ] as const)('%s of %s is a touch that reaches the %s', async (event, name, reach, hint) => {
    const { root, recorder, watcher } = await open(6);
    watcher.tell('all', event, join(root, name));
    await expect
      .poll(() => recorder.touchesSince())
      .toEqual([{ path: join(root, name), reach, hint }]);
  });

  it.each([
    ['a directory tells of an entry', ['d'], 'f', [['d/f', 'entry']]],
    ['a recursive handle tells of a path', [], 'd/f', [['d/f', 'entry']]],
    ['a file tells of itself', ['d', 'f'], 'f', [['d/f', 'children']]],
  ] as const)('a raw event in which %s is a touch', async (_, watched, name, expected) => {
    const { root, recorder, watcher } = await open(5);
    watcher.tell('raw', 'change', name, { watchedPath: join(root, ...watched) });
    await expect
      .poll(() => recorder.touchesSince().map(({ path, reach }) => [path, reach]))
      .toEqual(expected.map(([path, reach]) => [join(root, path), reach]));
  });

  it('a raw event without a name is a loss', async () => {
    const { root, recorder, watcher } = await open(6);
    watcher.tell('raw', 'change', null, { watchedPath: root });
    await expect.poll(() => recorder.covers(join(root, 'any') as AbsPath)).toBe(true);
  });

  it('ignored is asked with relative paths, refuses below what it refused, and is obeyed', async () => {
    const { root, recorder, watcher } = await open(6, { ignores: (relative) => relative === 'no' });
    const { ignored } = watcher.options;
    expect(
      [root, join(root, 'yes'), join(root, 'no'), join(root, 'no', 'f')].map((path) =>
        ignored(path),
      ),
    ).toEqual([false, false, true, true]);
    watcher.tell('raw', 'rename', 'f', { watchedPath: join(root, 'no') });
    watcher.tell('all', 'add', join(root, 'yes'));
    await expect
      .poll(() => recorder.touchesSince().map(({ path }) => path))
      .toEqual([join(root, 'yes')]);
  });

  it('a names scope watches no other name and no deeper', async () => {
    const names = new Set(['a']);
    const { root, watcher } = await open(6, { scope: { kind: 'names', names } });
    const { ignored, depth } = watcher.options;
    expect(depth).toBe(0);
    expect(['a', 'b'].map((name) => ignored(join(root, name)))).toEqual([false, true]);
    names.add('b');
    expect(ignored(join(root, 'b'))).toBe(false);
  });

  it.each([
    [4, true],
    [5, true],
    [6, false],
  ] as const)(
    'chokidar %d gets persistent %s and none of its own policies',
    async (major, persistent) => {
      const { watcher } = await open(major);
      expect(watcher.options).toMatchObject({
        persistent,
        ignoreInitial: true,
        alwaysStat: false,
        atomic: false,
        awaitWriteFinish: false,
        followSymlinks: false,
        ignorePermissionErrors: true,
        usePolling: false,
      });
    },
  );

  it('a limit while opening refuses with its name, closes, and swallows what fails later', async () => {
    const { root, recorder, watcher, opening } = await begin(6);
    for (let index = 0; index < 3; index += 1)
      watcher.tell('error', system('ENOSPC', join(root, 'd')));
    watcher.tell('ready');
    await expect(opening).rejects.toMatchObject({ code: 'ERR_WATCH_LIMIT_WATCHES', paths: [root] });
    expect(watcher.isClosed).toBe(true);
    expect(recorder.degradedSince()).toEqual([]);
  });

  it('a limit later is told, all of a turn in one call', async () => {
    const { root, recorder, watcher } = await open(6);
    for (const name of ['a', 'b']) watcher.tell('error', system('ENOSPC', join(root, name)));
    await expect
      .poll(() => recorder.degradedSince())
      .toMatchObject([
        {
          code: 'ERR_WATCH_LIMIT_WATCHES',
          effect: 'partial',
          paths: [join(root, 'a'), join(root, 'b')],
        },
      ]);
  });

  it('what a limit left uncovered is told as covered when its own handle tells something', async () => {
    const { root, recorder, watcher } = await open(6);
    const directory = join(root, 'a') as AbsPath;
    watcher.tell('error', system('ENOSPC', directory));
    await expect.poll(() => recorder.degradedSince().length).toBe(1);
    const lost = vi.spyOn(recorder, 'lost');
    watcher.tell('raw', 'change', 'file', { watchedPath: root });
    expect(lost).not.toHaveBeenCalled();
    for (let times = 0; times < 2; times += 1)
      watcher.tell('raw', 'change', 'file', { watchedPath: directory });
    expect(lost.mock.calls).toEqual([[[directory], 'uncovered']]);
  });

  it('a directory that came is looked at once more, for chokidar 5 lists it before it watches it', async () => {
    const { root, recorder, clock, watcher } = await open(5);
    watcher.tell('all', 'addDir', join(root, 'd'));
    await expect.poll(() => recorder.touchesSince().length).toBe(1);
    await clock.advance(ROOT_CHECK_MS);
    await expect.poll(() => recorder.touchesSince()).toHaveLength(2);
    await clock.advance(ROOT_CHECK_MS);
    expect(recorder.touchesSince().at(1)).toMatchObject({ path: join(root, 'd'), reach: 'tree' });
  });

  it('a root that went without an event ends the subscription', async () => {
    const { root, recorder, clock } = await open(5);
    rmSync(root, { recursive: true });
    await clock.advance(ROOT_CHECK_MS);
    await expect.poll(() => recorder.end).toMatchObject({ code: 'ERR_WATCH_ROOT_GONE' });
  });

  it('chokidar 5 is closed only when it is ready, or late', async () => {
    const { clock, watcher, opening, root } = await begin(5);
    watcher.tell('error', system('ENOSPC', root));
    await Promise.resolve();
    expect(watcher.isClosed).toBe(false);
    await clock.advance(CLOSE_GRACE_MS);
    await expect.poll(() => watcher.isClosed).toBe(true);
    await expect(opening).rejects.toMatchObject({ code: 'ERR_WATCH_LIMIT_WATCHES' });
  });
});

describe.each(majors)('one real chokidar %d for a whole tree', (major) => {
  it('tells new, changed and removed files, and holds nothing after its close', async () => {
    const root = makeRoot();
    mkdirSync(join(root, 'a', 'b'), { recursive: true });
    const recorder = new EventRecorder();
    const request = createOpenRequest(root, { place: { platform: 'darwin' } });
    const handles = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;
    const before = handles();
    const subscription = await createOn(major).open(request, recorder);
    const path = join(root, 'a', 'b', 'f') as AbsPath;
    for (const act of [
      () => writeFileSync(path, 'one'),
      () => writeFileSync(path, 'three'),
      () => rmSync(path),
    ]) {
      const mark = recorder.mark();
      act();
      expect(await recorder.until(() => recorder.covers(path, mark), 10_000)).toBe(true);
    }
    await subscription.close();
    await expect.poll(handles).toBeLessThanOrEqual(before);
  });
});
