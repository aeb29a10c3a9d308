import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXTRA_LIMIT, ROOT_CHECK_MS } from '../src/index.ts';
import { NativeBench } from './native-bench.ts';

describe('directories that arrive with content', () => {
  it('get a subscription of their own and are touched again once it is live', async () => {
    const bench = new NativeBench();
    const { subscription, recorder } = await bench.open();
    bench.write('a/b/c/file');
    bench.binding.emit(bench.root, ['create', bench.at('a')]);
    await bench.until(() => expect(recorder.of(bench.at('a'))).toHaveLength(2));
    expect(bench.binding.open).toEqual([bench.root, bench.at('a')]);
    expect(recorder.of(bench.at('a')).map(({ reach }) => reach)).toEqual(['tree', 'tree']);
    await subscription.close();
  });

  it('need none when there is no directory in them', async () => {
    const bench = new NativeBench();
    const { subscription, recorder } = await bench.open();
    bench.write('a/file');
    bench.binding.emit(bench.root, ['create', bench.at('a')]);
    await bench.until(() => expect(recorder.of(bench.at('a'))).toHaveLength(1));
    const file = bench.at('a/file');
    bench.binding.emit(bench.root, ['update', file]);
    await bench.until(() => expect(recorder.of(file)).toHaveLength(1));
    expect(bench.binding.open).toEqual([bench.root]);
    await subscription.close();
  });

  it('lose it when they go', async () => {
    const bench = new NativeBench();
    const { subscription, recorder } = await bench.open();
    bench.makeDirectory('a/b');
    bench.binding.emit(bench.root, ['create', bench.at('a')]);
    await bench.until(() => expect(bench.binding.open).toHaveLength(2));
    rmSync(bench.at('a'), { recursive: true });
    bench.binding.emit(bench.root, ['delete', bench.at('a')]);
    await bench.until(() => expect(bench.binding.open).toEqual([bench.root]));
    expect(recorder.of(bench.at('a')).at(-1)).toMatchObject({ reach: 'tree', stat: null });
    await subscription.close();
  });

  it('get a new one when they are removed and made again between two events', async () => {
    const bench = new NativeBench();
    const { subscription } = await bench.open();
    bench.makeDirectory('a/b');
    bench.binding.emit(bench.root, ['create', bench.at('a')]);
    await bench.until(() => expect(bench.binding.open).toHaveLength(2));
    rmSync(bench.at('a'), { recursive: true });
    bench.makeDirectory('a/c');
    bench.binding.emit(bench.root, ['update', bench.at('a')]);
    await bench.until(() =>
      expect(bench.binding.calls.slice(-2)).toEqual([
        `unsubscribe ${bench.at('a')}`,
        `subscribe ${bench.at('a')}`,
      ]),
    );
    await bench.until(() => expect(bench.binding.open).toEqual([bench.root, bench.at('a')]));
    await subscription.close();
  });

  it('stay uncovered where they are ignored', async () => {
    const bench = new NativeBench();
    const { subscription, recorder } = await bench.open({
      ignores: (relative) => relative === 'node_modules',
    });
    bench.makeDirectory('node_modules/a/b');
    const file = bench.write('file');
    bench.binding.emit(bench.root, ['create', bench.at('node_modules')], ['create', file]);
    await bench.until(() => expect(recorder.of(file)).toHaveLength(1));
    expect(recorder.touches).toHaveLength(1);
    expect(bench.binding.open).toEqual([bench.root]);
    await subscription.close();
  });

  it('lead to a fresh start, told as lost, when there are too many of them', async () => {
    const bench = new NativeBench();
    const { subscription, recorder } = await bench.open();
    const tops = Array.from({ length: EXTRA_LIMIT + 1 }, (_, index) => `d${index}`);
    for (const top of tops) bench.makeDirectory(`${top}/inner`);
    bench.binding.emit(bench.root, ...tops.map((top) => ['create', bench.at(top)] as const));
    await bench.until(() => expect(recorder.losses).toEqual(['restart']));
    expect(bench.binding.open).toEqual([bench.root]);
    await subscription.close();
  });
});

describe('directories that were moved', () => {
  it('are covered under their new name, and what comes under the old one is dropped', async () => {
    const bench = new NativeBench();
    bench.write('x/y/file');
    const { subscription, recorder } = await bench.open();
    renameSync(bench.at('x'), bench.at('z'));
    bench.binding.emit(bench.root, ['delete', bench.at('x')], ['create', bench.at('z')]);
    await bench.until(() => expect(bench.binding.open).toEqual([bench.root, bench.at('z')]));
    const stale = bench.at('x/y/file');
    const file = bench.at('z/y/file');
    bench.binding.emit(bench.root, ['update', stale]);
    bench.binding.emit(bench.at('z'), ['update', file]);
    await bench.until(() => expect(recorder.of(file)).toHaveLength(1));
    expect(recorder.of(stale)).toEqual([]);
    await subscription.close();
  });
});

describe('limits that are met later', () => {
  it('are told once per turn, with every path', async () => {
    const exhausted = Object.assign(new Error('no watch'), { code: 'ENOSPC' });
    const bench = new NativeBench({ limitReachedAt: () => exhausted });
    const { subscription, recorder } = await bench.open();
    const paths = [bench.makeDirectory('a'), bench.makeDirectory('b')];
    bench.binding.emit(bench.root, ...paths.map((path) => ['create', path] as const));
    await bench.until(() => expect(recorder.problems).toHaveLength(1));
    expect(recorder.problems[0]).toMatchObject({
      code: 'ERR_WATCH_LIMIT_WATCHES',
      effect: 'partial',
      paths,
      remedy: expect.stringContaining('max_user_watches'),
    });
    await subscription.close();
  });

  it('are told for a subtree that cannot be subscribed, which goes on otherwise', async () => {
    const bench = new NativeBench();
    const { subscription, recorder } = await bench.open();
    bench.binding.onSubscribe = () => {
      throw new Error("inotify_add_watch on '/x' failed: No space left on device");
    };
    bench.makeDirectory('a/b');
    bench.binding.emit(bench.root, ['create', bench.at('a')]);
    await bench.until(() => expect(recorder.problems).toHaveLength(1));
    expect(recorder.problems[0]).toMatchObject({
      code: 'ERR_WATCH_LIMIT_WATCHES',
      effect: 'partial',
      paths: [bench.at('a')],
    });
    expect(recorder.end).toBe(null);
    await subscription.close();
  });
});

describe('directories that a limit left without a watch', () => {
  const exhausted = Object.assign(new Error('no watch'), { code: 'ENOSPC' });

  it('get one when there is one, and are told as covered, once', async () => {
    let limit: Error | null = exhausted;
    const bench = new NativeBench({ limitReachedAt: () => limit });
    const { subscription, recorder } = await bench.open();
    const paths = [bench.makeDirectory('a'), bench.makeDirectory('b')];
    bench.binding.emit(bench.root, ...paths.map((path) => ['create', path] as const));
    await bench.until(() => expect(recorder.problems).toHaveLength(1));
    await bench.clock.advance(ROOT_CHECK_MS);
    expect(bench.binding.open).toEqual([bench.root]);
    limit = null;
    for (let times = 0; times < 2; times += 1) {
      await bench.clock.advance(ROOT_CHECK_MS);
      await bench.until(() => expect(recorder.regained).toEqual(paths));
    }
    expect(bench.binding.open).toEqual([bench.root, ...paths]);
    expect(recorder.problems).toHaveLength(1);
    await subscription.close();
  });

  it('are left to core, told once, where the binding keeps half a subscription', async () => {
    const bench = new NativeBench();
    const { subscription, recorder } = await bench.open();
    bench.binding.onSubscribe = () => {
      throw new Error("inotify_add_watch on '/x' failed: No space left on device");
    };
    const path = bench.makeDirectory('a');
    bench.makeDirectory('a/b');
    bench.binding.emit(bench.root, ['create', path]);
    await bench.until(() => expect(recorder.problems).toHaveLength(1));
    await bench.until(() => expect(recorder.of(path)).toHaveLength(2));
    bench.binding.onSubscribe = null;
    await bench.clock.advance(ROOT_CHECK_MS);
    await new Promise(setImmediate);
    expect(bench.binding.open).toEqual([bench.root]);
    expect(recorder.of(path)).toHaveLength(2);
    rmSync(path, { recursive: true });
    await bench.clock.advance(ROOT_CHECK_MS);
    await new Promise(setImmediate);
    expect(recorder.problems).toHaveLength(1);
    expect(recorder.regained).toEqual([]);
    await subscription.close();
  });

  it('are told as covered after a start from scratch, before that', async () => {
    let limit: Error | null = exhausted;
    const bench = new NativeBench({ limitReachedAt: () => limit });
    const { subscription, recorder } = await bench.open();
    const path = bench.makeDirectory('a');
    bench.binding.emit(bench.root, ['create', path]);
    await bench.until(() => expect(recorder.problems).toHaveLength(1));
    limit = null;
    bench.binding.fail(bench.root, 'Unable to poll: Interrupted system call');
    await bench.until(() => expect(recorder.losses).toEqual(['uncovered', 'restart']));
    expect(recorder.regained).toEqual([path]);
    await subscription.close();
  });
});

describe('failures of the binding', () => {
  it.each(['linux', 'win32'] as const)(
    'on %s open the root anew, told as lost',
    async (platform) => {
      const bench = new NativeBench();
      const { subscription, recorder } = await bench.open({}, platform);
      bench.binding.fail(bench.root, 'Buffer overflow. Some file events may have been lost.');
      await bench.until(() => expect(recorder.losses).toEqual(['restart']));
      expect(bench.binding.calls).toEqual([
        `subscribe ${bench.root}`,
        `unsubscribe ${bench.root}`,
        `subscribe ${bench.root}`,
      ]);
      const file = bench.write('file');
      bench.binding.emit(bench.root, ['create', file]);
      await bench.until(() => expect(recorder.of(file)).toHaveLength(1));
      await subscription.close();
    },
  );

  it('end the subscription when they go on and on', async () => {
    const bench = new NativeBench();
    const { recorder } = await bench.open();
    for (const losses of [1, 2, 3]) {
      bench.binding.fail(bench.root, 'Unable to poll: Interrupted system call');
      await bench.until(() => expect(recorder.losses).toHaveLength(losses));
    }
    bench.binding.fail(bench.root, 'Unable to poll: Interrupted system call');
    await bench.until(() => expect(recorder.end?.code).toBe('ERR_WATCH_BACKEND_FAILED'));
    await bench.until(() => expect(bench.binding.open).toEqual([]));
  });

  it('of every subscription of a root at once count as one', async () => {
    const bench = new NativeBench();
    const { subscription, recorder } = await bench.open();
    for (const top of ['a', 'b', 'c', 'd']) bench.makeDirectory(`${top}/inner`);
    bench.binding.emit(
      bench.root,
      ...['a', 'b', 'c', 'd'].map((top) => ['create', bench.at(top)] as const),
    );
    await bench.until(() => expect(bench.binding.open).toHaveLength(5));
    for (const directory of bench.binding.open) {
      bench.binding.fail(directory, 'Unable to poll: Interrupted system call');
    }
    await bench.until(() => expect(recorder.losses).toEqual(['restart']));
    expect(recorder.end).toBe(null);
    expect(bench.binding.open).toEqual([bench.root]);
    await subscription.close();
  });

  it('count only within a while', async () => {
    const bench = new NativeBench();
    const { subscription, recorder } = await bench.open();
    for (const losses of [1, 2, 3, 4, 5]) {
      bench.binding.fail(bench.root, 'Unable to poll: Interrupted system call');
      await bench.until(() => expect(recorder.losses).toHaveLength(losses));
      await bench.clock.advance(60_000);
    }
    expect(recorder.end).toBe(null);
    await subscription.close();
  });

  it('on macOS mean a loss, and the stream goes on', async () => {
    const bench = new NativeBench();
    const { subscription, recorder } = await bench.open({}, 'darwin');
    bench.binding.fail(
      bench.root,
      'Events were dropped by the FSEvents client. File system must be re-scanned.',
    );
    await bench.until(() => expect(recorder.losses).toEqual(['overflow']));
    expect(bench.binding.calls).toEqual([`subscribe ${bench.root}`]);
    await subscription.close();
  });

  it('end with ERR_WATCH_ROOT_GONE when it is the root that went', async () => {
    const bench = new NativeBench();
    const { recorder } = await bench.open({}, 'win32');
    rmSync(bench.root, { recursive: true });
    bench.binding.fail(bench.root, 'Invalid handle');
    await bench.until(() => expect(recorder.end?.code).toBe('ERR_WATCH_ROOT_GONE'));
    expect(recorder.of(bench.root)).toMatchObject([{ reach: 'tree', hint: 'removed' }]);
  });
});

describe('the root', () => {
  it('is compared every two seconds, since the binding is deaf for one that came back', async () => {
    const bench = new NativeBench();
    const { recorder } = await bench.open();
    renameSync(bench.root, `${bench.base}/away`);
    mkdirSync(bench.root);
    await bench.clock.advance(1999);
    expect(recorder.end).toBe(null);
    await bench.clock.advance(1);
    expect(recorder.end?.code).toBe('ERR_WATCH_ROOT_GONE');
    await bench.until(() => expect(bench.binding.open).toEqual([]));
    expect(bench.clock.pending).toBe(0);
  });

  it('is touched when its own attributes change', async () => {
    const bench = new NativeBench();
    const { subscription, recorder } = await bench.open();
    bench.binding.emit(bench.root, ['update', bench.root]);
    await bench.until(() => expect(recorder.of(bench.root)).toHaveLength(1));
    expect(recorder.end).toBe(null);
    await subscription.close();
  });
});

describe('where the system covers trees', () => {
  it.each(['darwin', 'win32'] as const)(
    '%s needs one subscription for everything',
    async (platform) => {
      const bench = new NativeBench();
      bench.makeDirectory('skipped');
      const prune = [bench.at('skipped')];
      const ignores = (relative: string): boolean => relative === 'skipped';
      const { subscription, recorder } = await bench.open({ prune, ignores }, platform);
      expect(bench.binding.subscriptions[0]?.ignore).toEqual(prune);
      bench.write('a/b/c/file');
      bench.binding.emit(bench.root, ['create', bench.at('a')]);
      await bench.until(() =>
        expect(recorder.of(bench.at('a'))).toMatchObject([{ reach: 'tree' }]),
      );
      const file = bench.at('a/b/c/file');
      bench.binding.emit(bench.root, ['update', file]);
      await bench.until(() => expect(recorder.of(file)).toMatchObject([{ reach: 'entry' }]));
      expect(bench.binding.calls).toHaveLength(1);
      await subscription.close();
    },
  );
});
