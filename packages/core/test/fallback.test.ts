import { appendFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Probe } from '../src/backend.ts';
import { isWatchError, WatchError, type WatchErrorCode } from '../src/errors.ts';
import { REOPEN_DELAY_MS } from '../src/retrial.ts';
import { PathWatcher } from '../src/path-watcher.ts';
import { createManualBackend, type ManualBackend } from '../src/testing/manual-backend.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { record, temporaryDirectory } from './support/scene.ts';

function failure(code: WatchErrorCode, retryable = false): WatchError {
  return new WatchError(`failed with ${code}`, { code, backend: 'first', retryable });
}

function stage(options: { fallback?: 'none' | 'next' } = {}) {
  const root = temporaryDirectory();
  const file = `${root}/f`;
  writeFileSync(file, '');
  const first = createManualBackend({ name: 'first' });
  const second = createManualBackend({ name: 'second' });
  const clock = createManualClock();
  const watcher = new PathWatcher({ backends: [first, second], clock, ...options });
  onTestFinished(() => watcher.close());
  return { root, file, first, second, clock, watcher };
}

describe('a backend that cannot open', () => {
  it('is replaced by the next, with one problem', async () => {
    const { root, file, first, second, watcher } = stage();
    const error = failure('ERR_WATCH_LIMIT_WATCHES');
    first.rejectOpens(() => error);
    const watch = watcher.watch(file);
    const seen = record(watch, root);
    await watch.ready;
    expect(watch.state).toBe('live');
    expect(watch.backend).toMatchObject({
      name: 'second',
      fellBackFrom: [{ name: 'first', error }],
    });
    expect(seen.problems).toMatchObject([
      { code: 'ERR_WATCH_LIMIT_WATCHES', effect: 'noted', cause: error },
    ]);
    appendFileSync(file, 'x');
    second.touch(file);
    expect(await seen.next(1)).toEqual(['modify f']);
  });

  it('is replaced when it is not usable, or does not serve the scope', async () => {
    const { root, watcher: unused } = stage();
    await unused.close();
    const missing = createManualBackend({
      name: 'missing',
      probe: { usable: false, error: failure('ERR_WATCH_BACKEND_MISSING') },
    });
    const trees = createManualBackend({
      name: 'trees',
      capabilities: { scope: { names: 'none', directory: 'none', tree: 'native' } },
    });
    const last = createManualBackend({ name: 'last' });
    const watcher = new PathWatcher({ backends: [missing, trees, last] });
    onTestFinished(() => watcher.close());
    const watch = watcher.watch(root);
    await watch.ready;
    expect(watch.backend?.name).toBe('last');
    expect(watch.backend?.fellBackFrom.map(({ name, error }) => [name, error.code])).toEqual([
      ['missing', 'ERR_WATCH_BACKEND_MISSING'],
      ['trees', 'ERR_WATCH_SCOPE_UNSUPPORTED'],
    ]);
  });

  it('ends the watch when no other is left, with all causes', async () => {
    const { root, file, first, second, watcher } = stage();
    first.rejectOpens(() => failure('ERR_WATCH_LIMIT_WATCHES'));
    second.rejectOpens(() => failure('ERR_WATCH_PERMISSION'));
    const watch = watcher.watch(file);
    const seen = record(watch, root);
    await expect(watch.ready).rejects.toMatchObject({
      code: 'ERR_WATCH_LIMIT_WATCHES',
      effect: 'closed',
    });
    expect(watch.state).toBe('closed');
    expect(seen.problems).toHaveLength(1);
    expect(seen.problems[0]?.cause).toMatchObject({ errors: [{}, {}] });
    await expect(watch[Symbol.asyncIterator]().next()).rejects.toBe(seen.problems[0]);
    expect(watcher.stats()).toMatchObject({ watches: 0, subscriptions: 0 });
  });

  it('is not replaced when fallback is off', async () => {
    const { file, first, second, watcher } = stage({ fallback: 'none' });
    first.rejectOpens(() => failure('ERR_WATCH_LIMIT_WATCHES'));
    await expect(watcher.watch(file).ready).rejects.toMatchObject({
      code: 'ERR_WATCH_LIMIT_WATCHES',
    });
    expect(second.subscriptions).toHaveLength(0);
  });

  it('has its words told as a WatchError whatever it threw', async () => {
    const { file, first, second, watcher } = stage();
    first.open = () => Promise.reject(new Error('odd'));
    second.probe = () => Promise.reject(new Error('odder'));
    await expect(watcher.watch(file).ready).rejects.toMatchObject({
      code: 'ERR_WATCH_BACKEND_FAILED',
      message: expect.stringMatching(/odd.*odder/u),
    });
  });
});

/** Makes one member of a backend throw at once, whatever its contract says. */
function breaking(backend: ManualBackend, member: 'probe' | 'capabilities' | 'open'): void {
  backend[member] = () => {
    throw new Error(`${member} broke`);
  };
}

describe('a backend that throws where it must not', () => {
  it.each(['probe', 'capabilities', 'open'] as const)('is replaced: %s', async (member) => {
    const { root, file, first, second, watcher } = stage();
    breaking(first, member);
    const watch = watcher.watch(file);
    const seen = record(watch, root);
    await watch.ready;
    expect(watch.backend?.name).toBe('second');
    expect(seen.problems).toMatchObject([
      {
        code: 'ERR_WATCH_BACKEND_FAILED',
        effect: 'noted',
        message: expect.stringContaining(`${member} broke`),
      },
    ]);
    breaking(second, member);
    await watcher.close();
  });

  it.each(['probe', 'capabilities', 'open'] as const)(
    'ends the watch when it was the only one: %s',
    async (member) => {
      const { file, first, watcher } = stage({ fallback: 'none' });
      breaking(first, member);
      await expect(watcher.watch(file).ready).rejects.toSatisfy(isWatchError);
    },
  );

  it.each(['probe', 'capabilities'] as const)('is explained: %s', async (member) => {
    const { root, first, watcher } = stage();
    breaking(first, member);
    const { chosen, rejected } = await watcher.explain(root);
    expect(chosen).toBe('second');
    expect(rejected).toEqual([{ name: 'first', because: `Backend first failed: ${member} broke` }]);
  });

  it.each([
    ['nothing', undefined],
    ['no error', { usable: false }],
    ['another error', { usable: false, error: new Error('missing') }],
  ])('is replaced when its probe answers with %s', async (_, answer) => {
    const { file, first, watcher } = stage();
    first.probe = () => Promise.resolve(answer as Probe);
    const watch = watcher.watch(file);
    await watch.ready;
    expect(watch.backend?.fellBackFrom).toMatchObject([
      { name: 'first', error: { code: 'ERR_WATCH_BACKEND_FAILED' } },
    ]);
  });

  it('is replaced when its subscription refuses to let the process end', async () => {
    const { root, file, first, second, watcher } = stage();
    const watch = watcher.watch(file);
    const seen = record(watch, root);
    await watch.ready;
    const [subscription] = first.subscriptions;
    subscription!.unref = () => {
      throw new Error('unref broke');
    };
    expect(() => watch.unref()).not.toThrow();
    await expect.poll(() => watch.backend?.name).toBe('second');
    await watch.flush();
    expect(second.subscriptions[0]?.request.persistent).toBe(false);
    expect(subscription!.closed).toBe(true);
    expect(seen.states).toEqual(['live', 'recovering', 'live']);
    expect(seen.problems).toMatchObject([
      { code: 'ERR_WATCH_BACKEND_FAILED', message: expect.stringContaining('unref broke') },
    ]);
    appendFileSync(file, 'x');
    await watch.flush();
    expect(seen.take()).toEqual(['modify f']);
  });

  it('is replaced when its subscription does so while it is opened', async () => {
    const { file, first, second, watcher } = stage();
    const open = first.open.bind(first);
    first.open = async (request, sink) => {
      const subscription = await open(request, sink);
      subscription.unref = () => {
        throw new Error('unref broke');
      };
      return subscription;
    };
    const release = first.holdOpens();
    const watch = watcher.watch(file);
    await expect.poll(() => first.heldOpens).toBe(1);
    watch.unref();
    release();
    await watch.ready;
    expect(watch.backend?.name).toBe('second');
    expect(first.active).toEqual([]);
    expect(second.active).toHaveLength(1);
  });

  it('is replaced when it ends with what is not a WatchError', async () => {
    const { root, file, first, watcher } = stage();
    const watch = watcher.watch(file);
    const seen = record(watch, root);
    await watch.ready;
    first.end(undefined as never);
    await expect.poll(() => watch.backend?.name).toBe('second');
    expect(seen.problems.every(isWatchError)).toBe(true);
  });

  it('is told of as a WatchError when it covers less and says so in other words', async () => {
    const { root, file, first, watcher } = stage();
    const watch = watcher.watch(file);
    const seen = record(watch, root);
    await watch.ready;
    first.degrade(new Error('less') as never);
    expect(seen.problems).toMatchObject([{ code: 'ERR_WATCH_BACKEND_FAILED', effect: 'partial' }]);
  });
});

describe('a backend that ends while live', () => {
  it('is replaced, and only real changes are told', async () => {
    const { root, file, first, second, watcher } = stage();
    const watch = watcher.watch(root, { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    const release = second.holdOpens();
    first.end(failure('ERR_WATCH_BACKEND_FAILED'));
    expect(watch.state).toBe('recovering');
    appendFileSync(file, 'x');
    writeFileSync(`${root}/g`, '');
    await expect.poll(() => second.heldOpens).toBe(1);
    release();
    await expect.poll(() => watch.state).toBe('live');
    expect(seen.take()).toEqual(['create g', 'modify f']);
    expect(seen.batches).toHaveLength(1);
    expect(seen.batches[0]?.repaired).toMatchObject({ why: 'restart' });
    expect(seen.problems).toMatchObject([{ code: 'ERR_WATCH_BACKEND_FAILED', effect: 'noted' }]);
    expect(seen.states).toEqual(['live', 'recovering', 'live']);
  });

  it('is replaced without a batch when nothing had changed', async () => {
    const { root, file, first, watcher } = stage();
    const watch = watcher.watch(file);
    const seen = record(watch, root);
    await watch.ready;
    first.end(failure('ERR_WATCH_BACKEND_FAILED'));
    await expect.poll(() => seen.states).toEqual(['live', 'recovering', 'live']);
    expect(seen.batches).toEqual([]);
  });

  it('is not listened to any more', async () => {
    const { root, file, first, second, watcher } = stage();
    const watch = watcher.watch(file);
    const seen = record(watch, root);
    await watch.ready;
    const [old] = first.subscriptions;
    first.end(failure('ERR_WATCH_BACKEND_FAILED'));
    await expect.poll(() => second.active.length).toBe(1);
    appendFileSync(file, 'x');
    old!.sink.touched([{ path: file as never, reach: 'entry' }]);
    old!.sink.ended(failure('ERR_WATCH_BACKEND_FAILED'));
    await watch.flush();
    expect(seen.take()).toEqual(['modify f']);
    expect(watch.backend?.name).toBe('second');
  });

  it('ends the watch when it was the last and says that trying again is useless', async () => {
    const { root, file, first, second, watcher } = stage();
    const watch = watcher.watch(file);
    const seen = record(watch, root);
    await watch.ready;
    first.end(failure('ERR_WATCH_BACKEND_FAILED'));
    await expect.poll(() => second.active.length).toBe(1);
    second.end(failure('ERR_WATCH_BACKEND_FAILED'));
    await expect.poll(() => watch.state).toBe('closed');
    expect(seen.problems.map(({ effect }) => effect)).toEqual(['noted', 'closed']);
    await watch.ready;
  });

  it('is tried again after a while when it was the last and says that it may pass', async () => {
    const { root, file, first, second, clock, watcher } = stage({ fallback: 'none' });
    const watch = watcher.watch(file);
    const seen = record(watch, root);
    await watch.ready;
    first.end(failure('ERR_WATCH_IO', true));
    await expect.poll(() => clock.pending).toBe(1);
    expect(watch.state).toBe('recovering');
    appendFileSync(file, 'x');
    first.rejectOpens(() => failure('ERR_WATCH_IO', true));
    await clock.advance(REOPEN_DELAY_MS);
    expect(watch.state).toBe('recovering');
    first.rejectOpens(() => null);
    second.rejectOpens(() => failure('ERR_WATCH_IO', true));
    await clock.advance(REOPEN_DELAY_MS * 2);
    await expect.poll(() => watch.state).toBe('live');
    expect(seen.take()).toEqual(['modify f']);
    expect(seen.problems).toMatchObject([{ code: 'ERR_WATCH_IO', effect: 'partial' }]);
    expect(clock.pending).toBe(0);
  });

  it('leaves no timer behind when the watch closes while waiting to try again', async () => {
    const { file, first, clock, watcher } = stage({ fallback: 'none' });
    const watch = watcher.watch(file);
    await watch.ready;
    first.end(failure('ERR_WATCH_IO', true));
    await expect.poll(() => clock.pending).toBe(1);
    await watch.close();
    expect(clock.pending).toBe(0);
  });
});

describe('the choice of backends', () => {
  it('is asked per place and scope, and explained', async () => {
    const { root, file, first, second } = stage();
    const asked: string[] = [];
    const watcher = new PathWatcher({
      backends: [first, second],
      choose: (place, scope) => {
        asked.push(`${scope.kind} ${place.path}`);
        return {
          backends: [second],
          because: 'the second is better here',
          rejected: [{ name: 'first', because: 'worse' }],
        };
      },
    });
    onTestFinished(() => watcher.close());
    const watch = watcher.watch(file);
    await watch.ready;
    expect(watch.backend?.name).toBe('second');
    expect(asked).toEqual([`names ${root}`]);
    expect(await watcher.explain(root, { recursive: true })).toMatchObject({
      place: { path: root },
      chosen: 'second',
      because: 'the second is better here',
      rejected: [{ name: 'first', because: 'worse' }],
    });
    expect(asked).toEqual([`names ${root}`, `tree ${root}`]);
  });

  it('names every backend that was not chosen, and why', async () => {
    const root = temporaryDirectory();
    const watcher = new PathWatcher({
      backends: [
        createManualBackend({
          name: 'missing',
          probe: { usable: false, error: failure('ERR_WATCH_BACKEND_MISSING') },
        }),
        createManualBackend({ name: 'good' }),
        createManualBackend({ name: 'spare' }),
      ],
    });
    const { chosen, rejected } = await watcher.explain(root);
    expect(chosen).toBe('good');
    expect(rejected.map(({ name }) => name)).toEqual(['missing', 'spare']);
    expect(rejected[0]?.because).toContain('ERR_WATCH_BACKEND_MISSING');
    expect(watcher.stats().subscriptions).toBe(0);
  });

  it('that throws ends the watch, and nothing else', async () => {
    const { file, first } = stage();
    const watcher = new PathWatcher({
      backends: [first],
      choose: () => {
        throw new Error('no idea');
      },
    });
    const told = {
      code: 'ERR_WATCH_BACKEND_FAILED',
      message: expect.stringContaining('no idea'),
    };
    await expect(watcher.watch(file).ready).rejects.toMatchObject(told);
    await expect(watcher.explain(file)).rejects.toMatchObject(told);
  });

  it.each([
    ['a promise', Promise.resolve([])],
    ['an object without backends', { backends: undefined }],
    ['a list of what are no backends', [{}]],
    ['a number', 5],
  ])('that answers with %s ends the watch, and nothing else', async (_, answer) => {
    const { file, first } = stage();
    const watcher = new PathWatcher({ backends: [first], choose: () => answer as never });
    const told = { code: 'ERR_WATCH_BACKEND_FAILED', backend: 'choose' };
    await expect(watcher.watch(file).ready).rejects.toMatchObject(told);
    await expect(watcher.explain(file)).rejects.toMatchObject(told);
  });
});
