import { appendFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WatchError, type WatchErrorCode } from '../src/errors.ts';
import { REOPEN_DELAY_MS } from '../src/feed.ts';
import { PathWatcher } from '../src/path-watcher.ts';
import { createManualBackend } from '../src/testing/manual-backend.ts';
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
    await expect(watcher.watch(file).ready).rejects.toMatchObject({
      code: 'ERR_WATCH_BACKEND_FAILED',
      message: expect.stringContaining('no idea'),
    });
  });
});
