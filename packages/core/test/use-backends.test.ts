import { appendFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isWatchError, WatchError, type WatchErrorCode } from '../src/errors.ts';
import { MAX_RETURN_DELAY_MS, RETURN_DELAY_MS } from '../src/retrial.ts';
import { PathWatcher } from '../src/path-watcher.ts';
import { createManualBackend } from '../src/testing/manual-backend.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { record, temporaryDirectory } from './support/scene.ts';

function failure(code: WatchErrorCode, retryable = false): WatchError {
  return new WatchError(`failed with ${code}`, { code, backend: 'old', retryable });
}

async function stage() {
  const root = temporaryDirectory();
  const file = `${root}/f`;
  writeFileSync(file, '');
  const old = createManualBackend({ name: 'old' });
  const next = createManualBackend({ name: 'next' });
  const clock = createManualClock();
  const watcher = new PathWatcher({ backends: [old], clock });
  onTestFinished(() => watcher.close());
  const watch = watcher.watch(root, { recursive: true });
  const seen = record(watch, root);
  await watch.ready;
  return { root, file, old, next, clock, watcher, watch, seen };
}

describe('a change of backends', () => {
  it('moves every open watch, and tells only what changed', async () => {
    const { root, file, old, next, watcher, watch, seen } = await stage();
    const other = watcher.watch(file);
    await other.ready;
    const release = next.holdOpens();
    const moved = watcher.useBackends({ backends: [next] });
    await expect.poll(() => next.heldOpens).toBe(2);
    expect(old.active).toHaveLength(2);
    appendFileSync(file, 'x');
    release();
    await moved;
    expect([watch.backend?.name, other.backend?.name]).toEqual(['next', 'next']);
    expect(watch.backend?.fellBackFrom).toEqual([]);
    expect(old.active).toEqual([]);
    expect(seen.take()).toEqual(['modify f']);
    expect(seen.states).toEqual(['live']);
    expect(seen.problems).toEqual([]);
    writeFileSync(`${root}/g`, '');
    next.touch(`${root}/g`);
    expect(await seen.next(1)).toEqual(['create g']);
  });

  it('listens to the old subscription until the new one is live, and never after', async () => {
    const { root, file, old, next, watcher, seen } = await stage();
    const release = next.holdOpens();
    const moved = watcher.useBackends({ backends: [next] });
    await expect.poll(() => next.heldOpens).toBe(1);
    const [former] = old.subscriptions;
    appendFileSync(file, 'x');
    old.touch(file);
    expect(await seen.next(1)).toEqual(['modify f']);
    release();
    await moved;
    writeFileSync(`${root}/g`, '');
    former!.sink.touched([{ path: `${root}/g` as never, reach: 'entry' }]);
    former!.sink.ended(failure('ERR_WATCH_BACKEND_FAILED'));
    await watcher.useBackends({ backends: [next] });
    expect(seen.states).toEqual(['live']);
    expect(seen.batches).toHaveLength(1);
  });

  it('leaves a watch alone whose backend stays the first choice', async () => {
    const { old, next, watcher, watch } = await stage();
    await watcher.useBackends({ backends: [old, next] });
    expect(old.subscriptions).toHaveLength(1);
    expect(next.subscriptions).toHaveLength(0);
    old.end(failure('ERR_WATCH_BACKEND_FAILED'));
    await expect.poll(() => watch.backend?.name).toBe('next');
  });

  it('serves watches that are opened later', async () => {
    const { file, next, watcher } = await stage();
    await watcher.useBackends({ backends: [next] });
    const later = watcher.watch(file);
    await later.ready;
    expect(later.backend?.name).toBe('next');
    expect((await watcher.explain(file)).chosen).toBe('next');
  });

  it('leaves a watch with the backend it has when no new one can serve, and says why', async () => {
    const { file, old, next, watcher, watch, seen } = await stage();
    next.rejectOpens(() => failure('ERR_WATCH_PERMISSION'));
    await expect(watcher.useBackends({ backends: [next] })).rejects.toMatchObject({
      code: 'ERR_WATCH_PERMISSION',
    });
    expect(watch.backend?.name).toBe('old');
    expect(watch.state).toBe('live');
    expect(seen.problems).toMatchObject([{ code: 'ERR_WATCH_PERMISSION' }]);
    appendFileSync(file, 'x');
    expect(old.touch(file)).toBe(1);
    expect(await seen.next(1)).toEqual(['modify f']);
    expect(watcher.stats()).toMatchObject({ subscriptions: 1 });
  });

  it('ends the old subscription first where a limit leaves no room for two', async () => {
    const { file, old, next, watcher, watch, seen } = await stage();
    next.rejectOpens(() => (old.active.length > 0 ? failure('ERR_WATCH_LIMIT_WATCHES') : null));
    appendFileSync(file, 'x');
    await watcher.useBackends({ backends: [next] });
    expect(watch.backend?.name).toBe('next');
    expect(seen.states).toEqual(['live', 'recovering', 'live']);
    expect(seen.take()).toEqual(['modify f']);
  });

  it('goes back to the old backend when it made room in vain', async () => {
    const { file, old, next, watcher, watch, seen } = await stage();
    next.rejectOpens(() => failure('ERR_WATCH_LIMIT_WATCHES'));
    appendFileSync(file, 'x');
    await expect(watcher.useBackends({ backends: [next] })).rejects.toSatisfy(isWatchError);
    expect(watch.backend?.name).toBe('old');
    expect(old.active).toHaveLength(1);
    expect(watch.state).toBe('live');
    expect(seen.take()).toEqual(['modify f']);
  });

  it('while a watch opens serves it with the new backends', async () => {
    const { root, next, watcher, old } = await stage();
    const release = old.holdOpens();
    const opening = watcher.watch(root);
    await expect.poll(() => old.heldOpens).toBe(1);
    const moved = watcher.useBackends({ backends: [next] });
    release();
    await Promise.all([moved, opening.ready]);
    expect(opening.backend?.name).toBe('next');
    expect(old.active).toEqual([]);
  });

  it('while a watch waits to be tried again does not wait for that', async () => {
    const { file, old, next, clock, watcher, watch, seen } = await stage();
    old.end(failure('ERR_WATCH_IO', true));
    await expect.poll(() => clock.pending).toBeGreaterThan(0);
    appendFileSync(file, 'x');
    await watcher.useBackends({ backends: [next] });
    expect(watch.backend?.name).toBe('next');
    expect(watch.state).toBe('live');
    expect(seen.take()).toEqual(['modify f']);
  });

  it('asked for several times at once ends with the last', async () => {
    const { old, next, watcher, watch } = await stage();
    const third = createManualBackend({ name: 'third' });
    await Promise.all([
      watcher.useBackends({ backends: [next] }),
      watcher.useBackends({ backends: [old] }),
      watcher.useBackends({ backends: [third] }),
    ]);
    expect(watch.backend?.name).toBe('third');
    expect([...old.active, ...next.active]).toEqual([]);
    expect(third.active).toHaveLength(1);
  });

  it('ends with everything closed when the watcher closes meanwhile', async () => {
    const { old, next, watcher, watch } = await stage();
    const release = next.holdOpens();
    const moved = watcher.useBackends({ backends: [next] });
    await expect.poll(() => next.heldOpens).toBe(1);
    const closed = watcher.close();
    release();
    await Promise.all([moved, closed]);
    expect(watch.state).toBe('closed');
    expect([...old.active, ...next.active]).toEqual([]);
    await expect(watcher.useBackends({ backends: [old] })).rejects.toMatchObject({
      code: 'ERR_WATCH_CLOSED',
    });
  });

  it.each([
    ['no backends', {}],
    ['a misspelt option', { backends: [], fallbacks: 'next' }],
    ['a wrong fallback', { backends: [], fallback: 'first' }],
  ])('with %s changes nothing', async (_, options) => {
    const { watcher, watch } = await stage();
    await expect(watcher.useBackends(options as never)).rejects.toBeInstanceOf(TypeError);
    expect(watch.backend?.name).toBe('old');
  });

  it('asks a backend again that could not run before', async () => {
    const { watcher, watch, next } = await stage();
    const missing = createManualBackend({ name: 'missing' });
    missing.probe = () =>
      Promise.resolve({ usable: false, error: failure('ERR_WATCH_BACKEND_MISSING') });
    await watcher.useBackends({ backends: [missing, next] });
    expect(watch.backend?.name).toBe('next');
    missing.probe = () => Promise.resolve({ usable: true, version: '1' });
    await watcher.useBackends({ backends: [missing, next] });
    expect(watch.backend?.name).toBe('missing');
  });
});

describe('a backend that was wanted more', () => {
  it('serves again once a limit is raised, beside nothing else', async () => {
    const { file, old, next, clock, watcher, watch, seen } = await stage();
    next.rejectOpens(() => failure('ERR_WATCH_LIMIT_INSTANCES'));
    await watcher.useBackends({ backends: [next, old] });
    expect(watch.backend?.name).toBe('old');
    await clock.advance(RETURN_DELAY_MS);
    expect(watch.backend?.name).toBe('old');
    next.rejectOpens(() => null);
    await clock.advance(RETURN_DELAY_MS * 2);
    await expect.poll(() => watch.backend?.name).toBe('next');
    expect(watch.backend?.fellBackFrom).toEqual([]);
    await expect.poll(() => old.active).toEqual([]);
    appendFileSync(file, 'x');
    await watch.flush();
    expect(seen.take()).toEqual(['modify f']);
    expect(seen.problems).toMatchObject([{ code: 'ERR_WATCH_LIMIT_INSTANCES', effect: 'noted' }]);
  });

  it('is not tried again when only an installation would help', async () => {
    const { old, next, clock, watcher, watch } = await stage();
    next.probe = () =>
      Promise.resolve({ usable: false, error: failure('ERR_WATCH_BACKEND_MISSING') });
    await watcher.useBackends({ backends: [next, old] });
    expect(watch.backend?.name).toBe('old');
    next.probe = () => Promise.resolve({ usable: true, version: '1' });
    await clock.advance(MAX_RETURN_DELAY_MS);
    expect(watch.backend?.name).toBe('old');
  });
});
