import { closeSync, openSync } from 'node:fs';
import type { OpenRequest, Sink, Subscription, Touch, WatchBackend } from '@watchkeeper/core';
import { afterEach, describe, expect, it } from 'vitest';
import { backendConformance, conformanceCaseNames } from '../src/index.ts';
import { CollectingRunner } from './collecting-runner.ts';
import { createScanningBackend } from './scanning-backend.ts';

type Open = WatchBackend['open'];

/** The scanning backend with another way to open. */
function faulty(alter: (open: Open) => Open): () => WatchBackend {
  return () => {
    const backend = createScanningBackend();
    return { ...backend, open: alter(backend.open.bind(backend)) };
  };
}

/** The scanning backend whose sink calls pass through a filter. */
function filtering(keep: (touch: Touch, request: OpenRequest) => boolean): () => WatchBackend {
  return faulty((open) => (request, sink) => {
    const filtered: Sink = {
      touched: (touches) => sink.touched(touches.filter((touch) => keep(touch, request))),
      lost: (under, why) => sink.lost(under, why),
      degraded: (error) => sink.degraded(error),
      ended: (error) => sink.ended(error),
    };
    return open(request, filtered);
  });
}

/** The scanning backend whose subscriptions are not what they should be. */
function wrapping(
  wrap: (subscription: Subscription, sink: Sink, request: OpenRequest) => Subscription,
): () => WatchBackend {
  return faulty((open) => async (request, sink) => {
    return wrap(await open(request, sink), sink, request);
  });
}

const proxy = (subscription: Subscription, changes: Partial<Subscription>): Subscription => ({
  barrier: () => subscription.barrier?.() ?? Promise.resolve(),
  ref: () => subscription.ref(),
  unref: () => subscription.unref(),
  close: () => subscription.close(),
  ...changes,
});

function outcomeOf(createBackend: () => WatchBackend, name: string): Promise<unknown> {
  const runner = new CollectingRunner();
  backendConformance(runner, createBackend, { deadlineMs: 200 });
  return runner.run(name);
}

describe('the cases', () => {
  const runner = new CollectingRunner();
  backendConformance(runner, createScanningBackend);

  it('have names of their own', () => {
    expect(new Set(conformanceCaseNames()).size).toBe(conformanceCaseNames().length);
    expect(runner.names).toEqual(conformanceCaseNames());
  });

  it('pass on a plain scanning backend', async () => {
    const failed: unknown[] = [];
    for (const name of runner.names) {
      const outcome = await runner.run(name);
      if (typeof outcome === 'object' && 'failed' in outcome) failed.push([name, outcome.failed]);
    }
    expect(failed).toEqual([]);
  });
});

describe('a fault is caught', () => {
  const leaked: number[] = [];
  let cycles = 0;
  afterEach(() => {
    for (const descriptor of leaked.splice(0)) closeSync(descriptor);
  });

  it.each<readonly [string, string, () => WatchBackend]>([
    [
      'opening what is not there',
      'missing-root',
      faulty(() => () => Promise.reject(new Error('ENOENT'))),
    ],
    ['forgetting removals', 'unlink-in-tree', filtering((touch) => !touch.path.endsWith('entry'))],
    [
      'missing what lies deep',
      'new-directories',
      filtering((touch, { root }) => touch.path.slice(root.length).split('/').length < 4),
    ],
    [
      'touching what is ignored',
      'ignored',
      faulty((open) => (request, sink) => open({ ...request, ignores: () => false }, sink)),
    ],
    [
      'asking below what is ignored',
      'ignored-unasked',
      faulty((open) => (request, sink) => {
        request.ignores('skipped/deep', 'directory');
        return open(request, sink);
      }),
    ],
    [
      'touching other names',
      'names-scope',
      faulty((open) => (request, sink) => open({ ...request, scope: { kind: 'tree' } }, sink)),
    ],
    [
      'calling the sink inside open',
      'close-at-once',
      faulty((open) => (request, sink) => {
        sink.touched([{ path: request.root, reach: 'entry' }]);
        return open(request, sink);
      }),
    ],
    [
      'calling the sink after close',
      'nothing-after-close',
      wrapping((subscription, sink, { root }) =>
        proxy(subscription, {
          close: () => {
            sink.touched([{ path: root, reach: 'entry' }]);
            return subscription.close();
          },
        }),
      ),
    ],
    [
      'another promise from each close',
      'close-idempotent',
      wrapping((subscription) => proxy(subscription, { close: async () => subscription.close() })),
    ],
    [
      'leaving a timer',
      'close-at-once',
      wrapping((subscription, _, { clock }) => {
        clock.setTimeout(() => {}, 100).unref();
        return subscription;
      }),
    ],
    [
      'leaving a descriptor',
      'close-at-once',
      wrapping((subscription, _, { root }) => {
        leaked.push(openSync(root, 'r'));
        return subscription;
      }),
    ],
    [
      'leaving one now and then',
      'reopen-cycles',
      wrapping((subscription, _, { root }) => {
        cycles += 1;
        if (cycles % 20 === 0) leaked.push(openSync(root, 'r'));
        return subscription;
      }),
    ],
    [
      'a barrier that holds nothing back',
      'burst',
      wrapping((subscription) => proxy(subscription, { barrier: () => Promise.resolve() })),
    ],
    [
      'swallowing what a sink throws',
      'throwing-sink',
      faulty((open) => (request, sink) => {
        const quiet: Sink = { ...sink, touched: sink.touched.bind(sink), degraded: () => {} };
        return open(request, quiet);
      }),
    ],
    [
      'forgetting removals, seen from above',
      'watch-rename',
      filtering((touch) => !touch.path.endsWith('/a')),
    ],
    [
      'confirming an absence that is none',
      'watch-atomic-save',
      faulty((open) => (request, sink) => {
        const confirm = (touch: Touch): Touch => ({ ...touch, stat: null });
        const touched: Sink['touched'] = (touches) => sink.touched(touches.map(confirm));
        return open(request, {
          touched,
          lost: (under, why) => sink.lost(under, why),
          degraded: (error) => sink.degraded(error),
          ended: (error) => sink.ended(error),
        });
      }),
    ],
  ])('%s, by the case %s', async (_, name, createBackend) => {
    expect(await outcomeOf(createScanningBackend, name)).toBe('passed');
    expect(await outcomeOf(createBackend, name)).toHaveProperty('failed');
  });
});

describe('relaxed cases', () => {
  it('are skipped with the reason given', async () => {
    const runner = new CollectingRunner();
    const relax = { burst: 'a queue of four' };
    backendConformance(runner, createScanningBackend, { relax });
    expect(await runner.run('burst')).toEqual({ skipped: 'a queue of four' });
  });

  it('must exist', () => {
    const relax = { 'no-such-case': 'a slip' };
    expect(() =>
      backendConformance(new CollectingRunner(), createScanningBackend, { relax }),
    ).toThrow(/option "relax" must name cases of the kit, got no-such-case/);
  });
});
