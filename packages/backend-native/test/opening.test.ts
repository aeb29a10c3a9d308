import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NativeBench, Recorder } from './native-bench.ts';

describe('opening a tree', () => {
  it('hands existing ignored directories to the binding, unless it would read them as globs', async () => {
    const bench = new NativeBench();
    for (const name of ['kept/inner', 'node_modules/deep', 'dist', '[odd]'])
      bench.makeDirectory(name);
    const unwanted = new Set(['node_modules', 'dist', '[odd]']);
    const { subscription } = await bench.open({ ignores: (relative) => unwanted.has(relative) });
    expect(bench.binding.subscriptions[0]?.ignore.toSorted()).toEqual([
      bench.at('dist'),
      bench.at('node_modules'),
    ]);
    await subscription.close();
  });

  it('covers a directory that appears while the binding reads the tree', async () => {
    const bench = new NativeBench();
    bench.makeDirectory('there');
    bench.binding.onSubscribe = (directory) => {
      if (directory === bench.root) bench.makeDirectory('late/inner');
    };
    const { subscription, recorder } = await bench.open();
    expect(bench.binding.open).toEqual([bench.root, bench.at('late')]);
    const file = bench.write('late/inner/file');
    bench.binding.emit(bench.at('late'), ['create', file]);
    await bench.until(() => expect(recorder.of(file)).toHaveLength(1));
    await subscription.close();
    expect(bench.binding.open).toEqual([]);
  });

  it('tries again when a directory vanishes while the binding reads the tree', async () => {
    const bench = new NativeBench();
    bench.makeDirectory('fleeting');
    bench.binding.onSubscribe = () => {
      if (bench.binding.calls.length > 1) return;
      rmSync(bench.at('fleeting'), { recursive: true });
      throw new Error(
        `inotify_add_watch on '${bench.at('fleeting')}' failed: No such file or directory`,
      );
    };
    const { subscription } = await bench.open();
    expect(bench.binding.calls).toHaveLength(2);
    await subscription.close();
  });

  it.each([
    ["inotify_add_watch on '/x' failed: No space left on device", 'ERR_WATCH_LIMIT_WATCHES'],
    ["inotify_add_watch on '/x' failed: Permission denied", 'ERR_WATCH_PERMISSION'],
    ['Unable to initialize inotify: Too many open files', 'ERR_WATCH_LIMIT_INSTANCES'],
    ['Error starting FSEvents stream', 'ERR_WATCH_BACKEND_FAILED'],
  ])('refuses after %j with %s', async (message, code) => {
    const bench = new NativeBench();
    bench.binding.onSubscribe = () => {
      throw new Error(message);
    };
    const opening = bench.backend.open(bench.request(), new Recorder());
    await expect(opening).rejects.toMatchObject({ code, backend: 'native', paths: [bench.root] });
  });

  it('does not touch the binding when no inotify instance is left, since that would hang', async () => {
    const bench = new NativeBench({
      assertInstanceLeft: () =>
        Promise.reject(Object.assign(new Error('no instance'), { code: 'EMFILE' })),
    });
    const opening = bench.backend.open(bench.request(), new Recorder());
    await expect(opening).rejects.toMatchObject({
      code: 'ERR_WATCH_LIMIT_INSTANCES',
      remedy: expect.stringContaining('max_user_instances'),
    });
    expect(bench.binding.calls).toEqual([]);
  });

  it('asks for an instance only when the thread of the binding is not running', async () => {
    let asked = 0;
    const bench = new NativeBench({
      assertInstanceLeft: () => {
        asked += 1;
        return Promise.resolve();
      },
    });
    const first = await bench.open();
    const second = await bench.open({ root: bench.makeDirectory('sub') });
    expect(asked).toBe(1);
    await first.subscription.close();
    await second.subscription.close();
    const third = await bench.open();
    expect(asked).toBe(2);
    await third.subscription.close();
  });

  it('rejects an abort when what the binding was opening is closed, and not before', async () => {
    const bench = new NativeBench();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    bench.binding.onSubscribe = () => released;
    const controller = new AbortController();
    const request = bench.request({ signal: controller.signal });
    let isSettled = false;
    const opening = bench.backend.open(request, new Recorder()).finally(() => {
      isSettled = true;
    });
    await bench.until(() => expect(bench.binding.calls).toHaveLength(1));
    controller.abort();
    await new Promise(setImmediate);
    expect(isSettled).toBe(false);
    release();
    await expect(opening).rejects.toMatchObject({ code: 'ERR_WATCH_ABORTED' });
    expect(bench.binding.calls).toEqual([`subscribe ${bench.root}`, `unsubscribe ${bench.root}`]);
    expect(bench.binding.open).toEqual([]);
    expect(bench.clock.pending).toBe(0);
  });

  it('leaves the binding alone for one who gave up before its turn', async () => {
    const bench = new NativeBench();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    bench.binding.onSubscribe = () => released;
    const controller = new AbortController();
    const { signal } = controller;
    const openings = [0, 1, 2].map(() =>
      bench.backend.open(bench.request({ signal }), new Recorder()),
    );
    await bench.until(() => expect(bench.binding.calls).toHaveLength(1));
    controller.abort();
    release();
    for (const { status } of await Promise.allSettled(openings)) expect(status).toBe('rejected');
    expect(bench.binding.calls).toEqual([`subscribe ${bench.root}`, `unsubscribe ${bench.root}`]);
  });
});

describe('opening less than a tree', () => {
  it.each([
    ['a directory', { kind: 'directory' }],
    ['names', { kind: 'names', names: new Set(['file']) }],
  ] as const)('cuts the tree off below its entries for %s', async (_, scope) => {
    const bench = new NativeBench();
    bench.makeDirectory('sub/deep');
    const { subscription, recorder } = await bench.open({ scope });
    expect(bench.binding.subscriptions).toMatchObject([
      { directory: bench.root, ignore: ['*/**'] },
    ]);
    const file = bench.write('file');
    const below = bench.write('sub/file');
    bench.binding.emit(bench.root, ['create', below], ['create', file]);
    await bench.until(() => expect(recorder.of(file)).toHaveLength(1));
    expect(recorder.of(below)).toEqual([]);
    await subscription.close();
  });

  it('opens the whole tree when somebody joins who wants it, and tells the first of the loss', async () => {
    const bench = new NativeBench();
    bench.makeDirectory('sub/deep');
    const narrow = await bench.open({ scope: { kind: 'directory' } });
    const wide = await bench.open();
    expect(bench.binding.subscriptions.map(({ ignore, open }) => ({ ignore, open }))).toEqual([
      { ignore: ['*/**'], open: false },
      { ignore: [], open: true },
    ]);
    expect(narrow.recorder.losses).toEqual(['restart']);
    expect(wide.recorder.losses).toEqual([]);
    await narrow.subscription.close();
    await wide.subscription.close();
  });
});

describe('sharing a root', () => {
  it('makes one native subscription for all, which the last one ends', async () => {
    const bench = new NativeBench();
    const first = await bench.open();
    const second = await bench.open({ ignores: (relative) => relative === 'skipped' });
    expect(bench.binding.open).toEqual([bench.root]);
    const file = bench.write('skipped/file');
    await first.subscription.close();
    expect(bench.binding.open).toEqual([bench.root]);
    bench.binding.emit(bench.root, ['create', bench.at('skipped')], ['create', file]);
    const other = bench.write('other');
    bench.binding.emit(bench.root, ['create', other]);
    await bench.until(() => expect(second.recorder.of(other)).toHaveLength(1));
    expect(first.recorder.touches).toEqual([]);
    expect(second.recorder.of(file)).toEqual([]);
    await second.subscription.close();
    expect(bench.binding.open).toEqual([]);
  });

  it('starts anew for somebody who wants what all before ignored', async () => {
    const bench = new NativeBench();
    bench.makeDirectory('skipped');
    const first = await bench.open({ ignores: (relative) => relative === 'skipped' });
    const second = await bench.open();
    expect(bench.binding.calls).toEqual([
      `subscribe ${bench.root}`,
      `unsubscribe ${bench.root}`,
      `subscribe ${bench.root}`,
    ]);
    expect(bench.binding.subscriptions.at(-1)?.ignore).toEqual([]);
    expect(first.recorder.losses).toEqual(['restart']);
    await Promise.all([first.subscription.close(), second.subscription.close()]);
  });

  it('ends those who watch a directory whose name another one has taken', async () => {
    const bench = new NativeBench();
    const old = await bench.open();
    renameSync(bench.root, `${bench.base}/away`);
    mkdirSync(bench.root);
    const fresh = await bench.open();
    expect(old.recorder.end?.code).toBe('ERR_WATCH_ROOT_GONE');
    expect(bench.binding.calls).toEqual([
      `subscribe ${bench.root}`,
      `unsubscribe ${bench.root}`,
      `subscribe ${bench.root}`,
    ]);
    expect(fresh.recorder.end).toBe(null);
    await fresh.subscription.close();
  });
});
