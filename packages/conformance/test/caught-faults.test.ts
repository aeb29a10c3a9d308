import { closeSync, openSync } from 'node:fs';
import type { WatchBackend } from '@watchkeeper/core';
import { afterEach, describe, expect, it } from 'vitest';
import { backendConformance, createFaultBackend, type Faults } from '../src/index.ts';
import { CollectingRunner } from './collecting-runner.ts';

function withFaults(faults: Partial<Faults>): () => WatchBackend {
  return () => {
    const backend = createFaultBackend();
    Object.assign(backend.faults, faults);
    return backend;
  };
}

function outcomeOf(createBackend: () => WatchBackend, name: string): Promise<unknown> {
  const runner = new CollectingRunner();
  backendConformance(runner, createBackend, { deadlineMs: 300, seeds: 20 });
  return runner.run(name);
}

interface Row {
  readonly fault: string;
  readonly faults: Partial<Faults>;
  /** Cases that must fail; there may be others. */
  readonly caughtBy: readonly string[];
}

const rows: readonly Row[] = [
  {
    fault: 'losing one name in silence',
    faults: { lose: ({ path }) => path.endsWith('/a') },
    caughtBy: ['random-operations', 'watch-rename', 'watch-modify', 'watch-random-operations'],
  },
  {
    fault: 'losing what lies deep',
    faults: { lose: ({ path }, { root }) => path.slice(root.length).split('/').length > 3 },
    caughtBy: ['live-when-open', 'new-directories', 'burst'],
  },
  {
    fault: 'losing every change of the root',
    faults: { keepRoot: true },
    caughtBy: ['root-removed', 'root-replaced', 'root-renamed-away'],
  },
  {
    fault: 'leaving directories out',
    faults: { skip: (relative, type) => type === 'directory' && relative.length > 1 },
    caughtBy: ['burst', 'watch-checkout', 'removed-tree'],
  },
  {
    fault: 'telling after the barrier',
    faults: { delay: true },
    caughtBy: ['burst', 'create-empty-in-tree', 'watch-appends', 'watch-random-operations'],
  },
  {
    fault: 'barriers that do not look',
    faults: { idleBarrier: true, sleep: true },
    caughtBy: ['append-held-open', 'watch-unlink'],
  },
  {
    fault: 'absences that are none',
    faults: { lie: true },
    caughtBy: ['watch-create-empty', 'watch-atomic-save', 'watch-random-operations'],
  },
  {
    fault: 'barriers that reject',
    faults: { throw: new Error('no') },
    caughtBy: ['live-when-open', 'missing-root', 'watch-quiet'],
  },
  {
    fault: 'paths that cannot be read',
    faults: { refuse: (path) => (path.endsWith('/f') ? 'EIO' : null) },
    caughtBy: ['watch-atomic-save', 'watch-rename-in-and-out'],
  },
  {
    fault: 'opening what is not there',
    faults: { acceptAnything: true },
    caughtBy: ['missing-root', 'root-is-file'],
  },
  {
    fault: 'ignoring the abort',
    faults: { ignoreAbort: true },
    caughtBy: ['abort-before', 'abort-during'],
  },
  {
    fault: 'touching what is ignored, and asking below it',
    faults: { disregardIgnores: true },
    caughtBy: ['ignored', 'ignored-unasked', 'two-opens'],
  },
  {
    fault: 'touching other names',
    faults: { disregardScope: true },
    caughtBy: ['names-scope', 'directory-scope'],
  },
  {
    fault: 'calling the sink inside open',
    faults: { talkInOpen: true },
    caughtBy: ['close-at-once', 'two-opens'],
  },
  {
    fault: 'calling the sink after close',
    faults: { talkAfterClose: true },
    caughtBy: ['nothing-after-close'],
  },
  {
    fault: 'another promise from each close',
    faults: { forgetClose: true },
    caughtBy: ['close-idempotent'],
  },
  {
    fault: 'leaving a timer',
    faults: { leakTimer: true },
    caughtBy: ['close-at-once', 'reopen-cycles', 'watch-quiet'],
  },
  {
    fault: 'closing when a sink throws',
    faults: { fragile: true },
    caughtBy: ['throwing-sink'],
  },
];

describe('a fault is caught', () => {
  it.each(
    rows.flatMap(({ fault, faults, caughtBy }) =>
      caughtBy.map((name) => ({ fault, name, create: withFaults(faults) })),
    ),
  )('$fault, by the case $name', { timeout: 60_000 }, async ({ name, create }) => {
    expect(await outcomeOf(create, name)).toHaveProperty('failed');
  });
});

describe('a leak is caught', () => {
  const leaked: number[] = [];
  afterEach(() => {
    for (const descriptor of leaked.splice(0)) closeSync(descriptor);
  });

  it.each([
    ['with the first subscription', 'close-at-once', 1],
    ['now and then', 'reopen-cycles', 20],
  ])('of a descriptor, %s, by the case %s', async (_, name, every) => {
    let opens = 0;
    const createBackend = (): WatchBackend => {
      const backend = createFaultBackend();
      const open: WatchBackend['open'] = (request, sink) => {
        opens += 1;
        if (opens % every === 0) leaked.push(openSync(request.root, 'r'));
        return backend.open(request, sink);
      };
      return { ...backend, open };
    };
    expect(await outcomeOf(createBackend, name)).toHaveProperty('failed');
  });
});
