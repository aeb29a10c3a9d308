import { appendFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Sink } from '../src/backend.ts';
import { WatchError } from '../src/errors.ts';
import { createManualBackend } from '../src/testing/manual-backend.ts';
import { record, scene } from './support/scene.ts';

function failure(path: string): WatchError {
  return new WatchError('Not all of it', {
    code: 'ERR_WATCH_PERMISSION',
    effect: 'partial',
    backend: 'hasty',
    paths: [path],
  });
}

/** A backend that says something before it has answered. */
function hasty(speak: (sink: Sink) => void) {
  const backend = createManualBackend({ name: 'hasty' });
  const open = backend.open.bind(backend);
  backend.open = async (request, sink) => {
    const subscription = await open(request, sink);
    speak(sink);
    return subscription;
  };
  return backend;
}

describe('what a backend says before it is relied on', () => {
  it('about places it does not cover is kept when it takes over', async () => {
    const { root, watcher } = scene();
    const watch = watcher.watch(root, { recursive: true });
    await watch.ready;
    const seen = record(watch, root);
    const next = hasty((sink) => sink.degraded(failure(`${root}/closed`)));
    await watcher.useBackends({ backends: [next] });
    expect(watch.state).toBe('degraded');
    expect(seen.problems).toMatchObject([{ code: 'ERR_WATCH_PERMISSION', effect: 'partial' }]);
  });

  it('about a file is not believed, but looked at', async () => {
    const { root, watcher, at } = scene();
    writeFileSync(at('f'), '');
    const watch = watcher.watch(at('f'));
    await watch.ready;
    const seen = record(watch, root);
    const next = hasty((sink) => {
      sink.touched([{ path: at('f') as never, reach: 'entry', hint: 'removed', stat: null }]);
      appendFileSync(at('f'), 'x');
    });
    await watcher.useBackends({ backends: [next] });
    await watch.flush();
    expect(seen.take()).toEqual(['modify f']);
  });

  it('about its end makes the next one take over', async () => {
    const { root, backend, watcher } = scene();
    const watch = watcher.watch(root);
    await watch.ready;
    const ends = hasty((sink) => queueMicrotask(() => sink.ended(failure(root))));
    await watcher.useBackends({ backends: [ends, backend] });
    await expect.poll(() => watch.backend?.name).toBe(backend.name);
    expect(backend.active).toHaveLength(1);
    expect(ends.active).toEqual([]);
  });
});
