import { appendFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  BARRIER_TIMEOUT_MS,
  CLOSE_TIMEOUT_MS,
  OPEN_NAMES_TIMEOUT_MS,
  OPEN_TIMEOUT_MS,
  PROBE_TIMEOUT_MS,
} from '../src/backend-limits.ts';
import { PathWatcher } from '../src/path-watcher.ts';
import { createManualBackend, type ManualBackendOptions } from '../src/testing/manual-backend.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { RETURN_DELAY_MS } from '../src/retrial.ts';
import { record, temporaryDirectory } from './support/scene.ts';

const never = (): Promise<never> => new Promise(() => undefined);

function stage(options: ManualBackendOptions = {}) {
  const root = temporaryDirectory();
  const file = `${root}/f`;
  writeFileSync(file, '');
  const first = createManualBackend({ ...options, name: 'first' });
  const second = createManualBackend({ name: 'second' });
  const clock = createManualClock();
  const watcher = new PathWatcher({ backends: [first, second], clock });
  return { root, file, first, second, clock, watcher };
}

/** Closes what may have to be waited for. */
async function closing(
  closed: Promise<void>,
  clock: ReturnType<typeof createManualClock>,
): Promise<void> {
  await clock.advance(CLOSE_TIMEOUT_MS);
  await closed;
}

describe('a backend that does not answer', () => {
  it('when probed is passed over, and asked again later without being asked twice at once', async () => {
    const { root, first, clock, watcher } = stage();
    let probes = 0;
    const { promise, resolve } = Promise.withResolvers<{ usable: true; version: string }>();
    first.probe = () => {
      probes++;
      return promise;
    };
    const watch = watcher.watch(root);
    await expect.poll(() => probes).toBe(1);
    await clock.advance(PROBE_TIMEOUT_MS);
    await watch.ready;
    expect(watch.backend).toMatchObject({
      name: 'second',
      fellBackFrom: [{ name: 'first', error: { code: 'ERR_WATCH_TIMEOUT', retryable: true } }],
    });
    await clock.advance(RETURN_DELAY_MS);
    resolve({ usable: true, version: '1' });
    await expect.poll(() => watch.backend?.name).toBe('first');
    expect(probes).toBe(1);
    await watcher.close();
  });

  it('to its probe holds up no change to others', async () => {
    const { root, first, second, watcher } = stage();
    first.probe = never;
    void watcher.explain(root);
    const watch = watcher.watch(root);
    await watcher.useBackends({ backends: [second] });
    expect(watch.backend?.name).toBe('second');
    await watcher.close();
  });

  it.each([
    ['a directory', '', OPEN_TIMEOUT_MS],
    ['one file', '/f', OPEN_NAMES_TIMEOUT_MS],
  ])('when asked to watch %s is passed over; a late answer is closed', async (_, below, ms) => {
    const { root, first, second, clock, watcher } = stage();
    const release = first.holdOpens();
    const watch = watcher.watch(root + below);
    await expect.poll(() => first.heldOpens).toBe(1);
    await clock.advance(ms - 1);
    expect(second.subscriptions).toHaveLength(0);
    await clock.advance(1);
    await watch.ready;
    expect(watch.backend).toMatchObject({
      name: 'second',
      fellBackFrom: [{ name: 'first', error: { code: 'ERR_WATCH_TIMEOUT', backend: 'first' } }],
    });
    release();
    await expect.poll(() => first.heldOpens).toBe(0);
    expect(first.active).toEqual([]);
    await watcher.close();
  });

  it('although it was told to stop has its late subscription closed', async () => {
    const { root, first, clock, watcher } = stage();
    const open = first.open.bind(first);
    const { promise, resolve } = Promise.withResolvers<void>();
    let asked = false;
    first.open = async (request, sink) => {
      asked = true;
      await promise;
      return open({ ...request, signal: new AbortController().signal }, sink);
    };
    const watch = watcher.watch(root);
    await expect.poll(() => asked).toBe(true);
    await clock.advance(OPEN_TIMEOUT_MS);
    await watch.ready;
    resolve();
    await expect.poll(() => first.subscriptions.map(({ closed }) => closed)).toEqual([true]);
    await watcher.close();
  });

  it.each(['probe', 'open'] as const)(
    'does not keep the watcher from closing: %s',
    async (member) => {
      const { root, first, clock, watcher } = stage();
      let asked = false;
      first[member] = () => {
        asked = true;
        return never();
      };
      watcher.watch(root);
      await expect.poll(() => asked).toBe(true);
      await closing(watcher.close(), clock);
      expect(watcher.stats()).toMatchObject({ watches: 0, subscriptions: 0 });
    },
  );

  it('when closed is not waited for longer', async () => {
    const { root, first, clock, watcher } = stage();
    const watch = watcher.watch(root);
    await watch.ready;
    first.subscriptions[0]!.close = never;
    await closing(watcher.close(), clock);
    expect(clock.pending).toBe(0);
  });

  it('does not keep others from taking over when backends change', async () => {
    const { root, first, second, clock, watcher } = stage();
    let asked = false;
    first.open = () => {
      asked = true;
      return never();
    };
    const watch = watcher.watch(root);
    await expect.poll(() => asked).toBe(true);
    const changed = watcher.useBackends({ backends: [second] });
    await clock.advance(CLOSE_TIMEOUT_MS);
    await changed;
    expect(watch.backend?.name).toBe('second');
    await watcher.close();
  });

  it('with its barrier is looked after by core, at once from the second time on', async () => {
    let barriers = 0;
    const { root, file, clock, watcher } = stage({
      barrier: () => {
        barriers++;
        return never();
      },
    });
    onTestFinished(() => watcher.close());
    const watch = watcher.watch(file);
    const seen = record(watch, root);
    await watch.ready;
    appendFileSync(file, 'x');
    const flushed = watch.flush();
    await expect.poll(() => barriers).toBe(1);
    await clock.advance(BARRIER_TIMEOUT_MS);
    await flushed;
    expect(seen.take()).toEqual(['modify f']);
    appendFileSync(file, 'x');
    await watch.flush();
    expect(seen.take()).toEqual(['modify f']);
    expect(barriers).toBe(1);
  });
});
