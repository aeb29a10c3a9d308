import { rmSync, symlinkSync, mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { WatchError } from '../src/errors.ts';
import { BatchIterator } from '../src/batch-iterator.ts';
import { scene, record } from './support/scene.ts';

const failure = new WatchError('boom', { code: 'ERR_WATCH_BACKEND_FAILED', backend: 'test' });

describe('the consumers of a watch', () => {
  it('get what waited for the first listener before what came while it was added', async () => {
    const { watcher, backend, root, at } = scene();
    const first = watcher.watch(root);
    const late = watcher.watch(root);
    await first.ready;
    await late.ready;
    writeFileSync(at('f'), '');
    backend.touch(at('f'));
    await first.flush();
    const kinds: string[] = [];
    let added = false;
    first.on('batch', ({ changes }) => {
      if (changes[0]?.kind !== 'remove' || added) return;
      added = true;
      late.on('batch', (batch) => kinds.push(...batch.changes.map(({ kind }) => kind)));
    });
    await Promise.resolve();
    rmSync(at('f'));
    backend.touch(at('f'));
    await late.flush();
    expect(kinds).toEqual(['create', 'remove']);
  });

  it('that are added while a batch is told wait for the next one', async () => {
    const { watcher, backend, root, at } = scene();
    const watch = watcher.watch(root);
    let calls = 0;
    const listener = (): void => {
      if (++calls < 100) watch.on('batch', listener);
    };
    watch.on('batch', listener);
    await watch.ready;
    writeFileSync(at('f'), '');
    backend.touch(at('f'));
    await watch.flush();
    expect(calls).toBe(1);
  });

  it('may reject, by whatever has a then, also about a problem', async () => {
    const unhandled = vi.fn<() => void>();
    process.on('unhandledRejection', unhandled);
    const { watcher, backend, root, at } = scene();
    const watch = watcher.watch(root);
    const codes: string[] = [];
    const rejecting = {
      // oxlint-disable-next-line unicorn/no-thenable -- it is what is tested.
      then: (_: unknown, reject: (cause: unknown) => void) => reject(new Error('later')),
    };
    watch.on('batch', () => rejecting);
    const failing = (): unknown => Promise.reject(new Error('about a problem'));
    watch.on('problem', failing);
    watch.on('problem', ({ code }) => void codes.push(code));
    await watch.ready;
    writeFileSync(at('f'), '');
    backend.touch(at('f'));
    await expect.poll(() => codes).toEqual(['ERR_WATCH_LISTENER']);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('that iterate read what was found before the watch failed', async () => {
    const bound = {
      maxQueuedPaths: 5,
      overflow: { under: ['/w'], why: 'overflow', unsure: ['/w'] },
      overflowed: () => undefined,
    } as const;
    const iterator = new BatchIterator(bound, false, () => undefined);
    const change = {
      kind: 'create',
      path: '/w/f',
      before: null,
      after: null,
      origin: 'event',
    } as const;
    iterator.push({ changes: [change] }, 1);
    iterator.end(failure);
    expect((await iterator.next()).value?.changes).toEqual([change]);
    await expect(iterator.next()).rejects.toBe(failure);
    expect((await iterator.next()).done).toBe(true);
  });

  it('are told of problems in the spelling of the watched path', async () => {
    const { watcher, backend, root, at } = scene();
    mkdirSync(at('real'));
    symlinkSync('real', at('link'));
    const watch = watcher.watch(at('link'), { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    const code = 'ERR_WATCH_PERMISSION';
    for (const subscription of backend.active) {
      if (subscription.request.root !== at('real')) continue;
      backend.degrade(
        new WatchError('no', {
          code,
          effect: 'partial',
          backend: 'manual',
          paths: [at('real', 's')],
        }),
      );
    }
    expect(seen.problems.at(-1)?.paths).toEqual([at('link', 's')]);
  });

  it('may rescan a relative path after the working directory changed', async () => {
    const { watcher, at } = scene();
    mkdirSync(at('sub'));
    const cwd = vi.spyOn(process, 'cwd').mockReturnValue(at());
    const watch = watcher.watch('sub');
    await watch.ready;
    cwd.mockReturnValue('/');
    await expect(watch.rescan()).resolves.toBeUndefined();
  });
});
