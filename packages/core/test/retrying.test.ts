import { appendFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../src/clock.ts';
import { WatchError, type WatchErrorCode } from '../src/errors.ts';
import { PathWatcher } from '../src/path-watcher.ts';
import { REOPEN_DELAY_MS } from '../src/retrial.ts';
import { createManualBackend, type ManualBackend } from '../src/testing/manual-backend.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { record, temporaryDirectory } from './support/scene.ts';

function failure(code: WatchErrorCode, retryable: boolean): WatchError {
  return new WatchError(`failed with ${code}`, { code, backend: 'first', retryable });
}

const passing = failure('ERR_WATCH_IO', true);
const lasting = failure('ERR_WATCH_BACKEND_UNSUPPORTED', false);
const limit = failure('ERR_WATCH_LIMIT_WATCHES', true);

function reject(backends: readonly ManualBackend[], error: WatchError | null): void {
  for (const backend of backends) backend.rejectOpens(() => error);
}

function stage(names: readonly string[] = ['first', 'second']) {
  const root = temporaryDirectory();
  const file = `${root}/f`;
  writeFileSync(file, '');
  const backends = names.map((name) => createManualBackend({ name }));
  const clock = createManualClock();
  const watcher = new PathWatcher({ backends, clock });
  onTestFinished(() => watcher.close());
  const watch = watcher.watch(root);
  return { root, file, backends, clock, watcher, watch, seen: record(watch, root) };
}

describe('a watch that no backend can serve for now', () => {
  it.each([
    ['all may pass', passing, passing],
    ['one may pass', passing, lasting],
    ['another may pass', lasting, passing],
    ['a limit was reached', limit, limit],
  ])('is tried again when it was live and %s', async (_, first, second) => {
    const { file, backends, clock, watch, seen } = stage();
    await watch.ready;
    const [one, two] = backends;
    one!.rejectOpens(() => first);
    two!.rejectOpens(() => second);
    one!.end(first);
    await expect.poll(() => clock.pending).toBe(1);
    expect(watch.state).toBe('recovering');
    await clock.advance(REOPEN_DELAY_MS * 3);
    expect(seen.problems).toMatchObject([{ effect: 'partial', retryable: true, cause: {} }]);
    appendFileSync(file, 'x');
    reject(backends, null);
    await clock.advance(REOPEN_DELAY_MS * 4);
    await expect.poll(() => watch.state).toBe('live');
    expect(seen.take()).toEqual(['modify f']);
  });

  it('is tried again when it was never live, and gets ready then', async () => {
    const { backends, clock, watch, seen } = stage(['alone']);
    reject(backends, passing);
    await expect.poll(() => seen.problems).toHaveLength(1);
    expect(watch.state).toBe('opening');
    expect(seen.problems).toMatchObject([{ code: 'ERR_WATCH_IO', effect: 'partial' }]);
    reject(backends, null);
    await expect.poll(() => clock.pending).toBe(1);
    await clock.advance(REOPEN_DELAY_MS);
    await watch.ready;
    expect(watch.state).toBe('live');
  });

  it.each([
    ['only a person can raise the limit', limit],
    ['nothing may pass', lasting],
  ])('ends before it was live when %s', async (_, error) => {
    const { backends, watch } = stage();
    reject(backends, error);
    await expect(watch.ready).rejects.toMatchObject({ code: error.code, effect: 'closed' });
    expect(watch.state).toBe('closed');
  });

  it.each([
    ['unavailable for the moment', passing],
    ['unable for good', lasting],
  ])('is not ended by a change to backends that are %s', async (_, error) => {
    const { backends, clock, watcher, watch, seen } = stage(['old']);
    await watch.ready;
    reject(backends, passing);
    backends[0]!.end(passing);
    await expect.poll(() => clock.pending).toBe(1);
    const next = createManualBackend({ name: 'next' });
    next.rejectOpens(() => error);
    await expect(watcher.useBackends({ backends: [next] })).rejects.toMatchObject({
      code: error.code,
    });
    expect(watch.state).toBe('recovering');
    reject([...backends, next], null);
    await clock.advance(REOPEN_DELAY_MS);
    await expect.poll(() => watch.state).toBe('live');
    expect(watch.backend?.name).toBe(error === passing ? 'next' : 'old');
    expect(seen.states).toEqual(['live', 'recovering', 'live']);
  });

  it('is not ended by a choice that throws, which is told at once', async () => {
    const { backends, clock, watcher, watch } = stage(['old']);
    await watch.ready;
    reject(backends, passing);
    backends[0]!.end(passing);
    await expect.poll(() => clock.pending).toBe(1);
    const choose = (): never => {
      throw new Error('no idea');
    };
    await expect(watcher.useBackends({ backends, choose })).rejects.toThrow('no idea');
    expect(watch.state).toBe('recovering');
  });
});

describe('a wait to try again', () => {
  it('lets the process end as soon as nothing is to keep it alive, and the other way round', async () => {
    const calls: string[] = [];
    const clock: Clock = {
      now: () => 0,
      wallNow: () => 0,
      setTimeout: () => ({
        ref: () => void calls.push('ref'),
        unref: () => void calls.push('unref'),
        cancel: () => void calls.push('cancel'),
      }),
    };
    const root = temporaryDirectory();
    const backend = createManualBackend();
    const watcher = new PathWatcher({ backends: [backend], clock });
    onTestFinished(() => watcher.close());
    const watch = watcher.watch(root);
    await watch.ready;
    backend.end(passing);
    const waiting = record(watch, root);
    await expect.poll(() => waiting.problems).toHaveLength(1);
    calls.length = 0;
    watch.unref();
    expect(calls).toEqual(['unref']);
    watch.ref();
    expect(calls).toEqual(['unref', 'ref']);
  });
});
