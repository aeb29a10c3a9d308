import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isWatchError } from '../src/errors.ts';
import { PathWatcher } from '../src/path-watcher.ts';
import { createManualBackend } from '../src/testing/manual-backend.ts';
import { record, scene } from './support/scene.ts';

/** What keeps this process alive and is a watcher's kind of thing. */
function resources(): readonly string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => ['FSEventWrap', 'StatWatcher', 'FSReqCallback', 'Immediate'].includes(name));
}

describe('a watcher', () => {
  it('asks nothing of anybody before the first watch', async () => {
    const backend = createManualBackend();
    let probes = 0;
    const probe = backend.probe.bind(backend);
    backend.probe = () => {
      probes++;
      return probe();
    };
    const watcher = new PathWatcher({ backends: [backend] });
    expect([probes, backend.subscriptions.length]).toEqual([0, 0]);
    expect(watcher.stats()).toEqual({
      watches: 0,
      paths: 0,
      subscriptions: 0,
      entries: 0,
      repairs: 0,
      audits: 0,
      eventsPerSecond: 0,
    });
    await watcher.close();
    expect(probes).toBe(0);
  });

  it('shares one subscription among watches of one place, until the last one closes', async () => {
    const { watcher, backend, root, at } = scene();
    const ignore = (): boolean => false;
    const watches = [
      watcher.watch(root, { recursive: true, ignore }),
      watcher.watch(root, { recursive: true, ignore }),
    ];
    await Promise.all(watches.map(({ ready }) => ready));
    expect(watcher.stats()).toMatchObject({ watches: 2, paths: 1, subscriptions: 1 });
    const other = watcher.watch(root, { recursive: true });
    await other.ready;
    expect(watcher.stats()).toMatchObject({ watches: 3, paths: 1, subscriptions: 2 });
    await watches[0]!.close();
    expect(backend.active).toHaveLength(2);
    const seen = record(watches[1]!, root);
    writeFileSync(at('f'), '');
    await watches[1]!.flush();
    expect(seen.take()).toEqual(['create f']);
    await watches[1]!.close();
    expect(backend.active).toHaveLength(1);
  });

  it('serves all files of a directory by one subscription whose names are live', async () => {
    const { watcher, backend, root, at } = scene();
    const first = watcher.watch(at('a'));
    await first.ready;
    const second = watcher.watch(at('b'));
    await second.ready;
    expect(backend.subscriptions).toHaveLength(1);
    const { scope } = backend.subscriptions[0]!.request;
    expect(scope.kind === 'names' && [...scope.names]).toEqual(['a', 'b']);
    const seen = record(second, root);
    writeFileSync(at('b'), '');
    backend.touch(at('b'));
    await Promise.resolve();
    expect(seen.take()).toEqual(['create b']);
    await first.close();
    expect(scope.kind === 'names' && [...scope.names]).toEqual(['b']);
  });

  it('takes a second watch of a changed file up to date without telling it of the change', async () => {
    const { watcher, root, at } = scene();
    writeFileSync(at('f'), '');
    const first = watcher.watch(at('f'));
    const seenFirst = record(first, root);
    await first.ready;
    appendFileSync(at('f'), 'x');
    const second = watcher.watch(at('f'));
    const seenSecond = record(second, root);
    await second.ready;
    await Promise.all([first.flush(), second.flush()]);
    expect([seenFirst.take(), seenSecond.take()]).toEqual([['modify f'], []]);
  });

  it('closes everything, once, and refuses new watches', async () => {
    const { watcher, backend, root, at } = scene();
    const watches = [watcher.watch(root, { recursive: true }), watcher.watch(at('a', 'b'))];
    await Promise.all(watches.map(({ ready }) => ready));
    const closing = watcher.close();
    expect(watcher.close()).toBe(closing);
    await closing;
    expect(backend.active).toEqual([]);
    expect(watches.map(({ state }) => state)).toEqual(['closed', 'closed']);
    expect(watcher.stats()).toMatchObject({ watches: 0, subscriptions: 0, entries: 0 });
    expect(() => watcher.watch(root)).toThrow(
      expect.objectContaining({ code: 'ERR_WATCH_CLOSED' }),
    );
    expect(resources()).toEqual([]);
  });

  it('without backends says what is missing', async () => {
    const watcher = new PathWatcher({ backends: [] });
    await expect(watcher.watch(process.cwd()).ready).rejects.toMatchObject({
      code: 'ERR_WATCH_BACKEND_UNSUPPORTED',
      remedy: expect.stringContaining('backend'),
    });
  });
});

describe('closing a watch', () => {
  it('gives the same promise each time and ends what was told', async () => {
    const { watcher, backend, root, at } = scene();
    const watch = watcher.watch(root, { recursive: true, settleMs: 60_000 });
    const seen = record(watch, root);
    await watch.ready;
    writeFileSync(at('f'), '');
    backend.touch(at('f'));
    const closings = [watch.close(), watch.close(), watch.close()];
    expect(new Set(closings).size).toBe(1);
    await Promise.all(closings);
    expect(seen.take()).toEqual([]);
    expect(seen.states.at(-1)).toBe('closed');
    expect(backend.active).toEqual([]);
    await watch.flush();
  });

  it('is possible from a listener, and stops the batch for listeners not called yet', async () => {
    const { watcher, backend, root, at } = scene();
    const watch = watcher.watch(root, { recursive: true });
    let called = 0;
    watch.on('batch', () => {
      called++;
      void watch.close();
    });
    watch.on('batch', () => called++);
    await watch.ready;
    writeFileSync(at('f'), '');
    backend.touch(at('f'));
    await expect.poll(() => watch.state).toBe('closed');
    writeFileSync(at('g'), '');
    expect(backend.touch(at('g'))).toBe(0);
    await watch.close();
    expect(called).toBe(1);
  });

  it('while it opens leaves nothing open, and rejects ready', async () => {
    const { watcher, backend, root } = scene();
    const release = backend.holdOpens();
    const watch = watcher.watch(root, { recursive: true });
    const { ready } = watch;
    await expect.poll(() => backend.heldOpens).toBe(1);
    const closing = watch.close();
    release();
    await closing;
    expect(backend.active).toEqual([]);
    await expect(ready).rejects.toMatchObject({ code: 'ERR_WATCH_CLOSED' });
  });

  it('at any moment of a scan leaves nothing behind', async () => {
    const { watcher, backend, root, at } = scene();
    for (let index = 0; index < 200; index++) mkdirSync(at(`d${index}`));
    for (let turns = 0; turns < 20; turns++) {
      const watch = watcher.watch(root, { recursive: true });
      for (let turn = 0; turn < turns; turn++) {
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
      await watch.close();
      expect(backend.active).toEqual([]);
    }
    expect(watcher.stats()).toMatchObject({ watches: 0, subscriptions: 0, entries: 0 });
    expect(resources()).toEqual([]);
  });

  it('succeeds even when the backend fails to close', async () => {
    const { watcher, backend, root } = scene();
    const watch = watcher.watch(root);
    await watch.ready;
    backend.active[0]!.close = () => {
      const stuck = Promise.reject(new Error('stuck'));
      stuck.catch(() => undefined);
      return stuck;
    };
    await watch.close();
    expect(watcher.stats().subscriptions).toBe(0);
  });
});

describe('an AbortSignal', () => {
  it('that is aborted already opens nothing', async () => {
    const { watcher, backend, root } = scene();
    const watch = watcher.watch(root, { signal: AbortSignal.abort() });
    await expect(watch.ready).rejects.toMatchObject({ code: 'ERR_WATCH_ABORTED' });
    expect(watch.state).toBe('closed');
    expect(backend.subscriptions).toEqual([]);
  });

  it('closes the watch, and ends the iteration without an error', async () => {
    const { watcher, backend, root } = scene();
    const controller = new AbortController();
    const watch = watcher.watch(root, { signal: controller.signal });
    await watch.ready;
    const iteration = watch[Symbol.asyncIterator]().next();
    controller.abort();
    expect(await iteration).toEqual({ done: true, value: undefined });
    await watch.close();
    expect(backend.active).toEqual([]);
  });

  it('given to flush ends the waiting, not the watch', async () => {
    const { watcher, backend, root } = scene();
    const release = backend.holdOpens();
    const watch = watcher.watch(root);
    await expect(watch.flush(AbortSignal.abort())).rejects.toMatchObject({
      code: 'ERR_WATCH_ABORTED',
    });
    release();
    await watch.ready;
    expect(watch.state).toBe('live');
  });
});

describe('listeners', () => {
  it('that throw, or reject, are told of as problems and do not disturb the others', async () => {
    const { watcher, backend, root, at } = scene();
    const watch = watcher.watch(root, { recursive: true });
    let threw = false;
    watch.on('batch', () => {
      if (threw) return;
      threw = true;
      throw new Error('oops');
    });
    const seen = record(watch, root);
    await watch.ready;
    for (const name of ['f', 'g']) {
      writeFileSync(at(name), '');
      backend.touch(at(name));
      expect(await seen.next(1)).toEqual([`create ${name}`]);
    }
    expect(seen.problems.map(({ code, effect }) => [code, effect])).toEqual([
      ['ERR_WATCH_LISTENER', 'noted'],
    ]);
    expect(seen.problems.every(isWatchError)).toBe(true);
    const rejecting: () => unknown = () => Promise.reject(new Error('later'));
    watch.on('batch', rejecting);
    writeFileSync(at('h'), '');
    await watch.flush();
    await expect.poll(() => seen.problems.length).toBe(2);
  });

  it('can be removed, each on its own', async () => {
    const { watcher, root, at } = scene();
    const watch = watcher.watch(root);
    let calls = 0;
    const listener = (): number => calls++;
    const remove = watch.on('batch', listener);
    watch.on('batch', listener);
    remove();
    remove();
    await watch.ready;
    writeFileSync(at('f'), '');
    await watch.flush();
    expect(calls).toBe(1);
  });

  it('that come late are given what nobody had heard', async () => {
    const { watcher, root, at } = scene();
    writeFileSync(at('f'), '');
    const watch = watcher.watch(root, { initial: 'emit' });
    await watch.ready;
    writeFileSync(at('g'), '');
    await watch.flush();
    const seen = record(watch, root);
    await Promise.resolve();
    expect(seen.take()).toEqual(['create f', 'create g']);
    expect(seen.batches[0]?.sequence).toBe(1);
  });
});

describe('keeping the process alive', () => {
  it('is asked of the backend, and changes with the watches', async () => {
    const { watcher, backend, at } = scene();
    const quiet = watcher.watch(at('a'), { persistent: false });
    await quiet.ready;
    const [subscription] = backend.subscriptions;
    expect(subscription!.request.persistent).toBe(false);
    const loud = watcher.watch(at('b'));
    await loud.ready;
    expect(subscription!.referenced).toBe(true);
    loud.unref();
    loud.unref();
    expect(subscription!.referenced).toBe(false);
    quiet.ref();
    expect(subscription!.referenced).toBe(true);
    await quiet.close();
    expect(subscription!.referenced).toBe(false);
  });

  it('is not done by core itself', () => {
    const code = `
      import { PathWatcher } from '@watchkeeper/core';
      import { createManualBackend } from '@watchkeeper/core/testing';
      const watcher = new PathWatcher({ backends: [createManualBackend()] });
      await watcher.watch('.', { recursive: false }).ready;
      console.log('ready');`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--conditions=@watchkeeper/source', '--input-type=module', '-e', code],
      { cwd: import.meta.dirname, encoding: 'utf8' },
    );
    expect([status, stdout.trim(), stderr]).toEqual([0, 'ready', '']);
  });
});
