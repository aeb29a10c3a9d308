import { closeSync, openSync, writeSync } from 'node:fs';
import type { ChangeBatch } from '@watchkeeper/core';
import type { ConformanceCase } from '../../conformance-case.ts';
import { until } from '../../until.ts';

/** The slow consumer's paths, how often each of them is written, and how many of these writes come between two flushes. */
const PATHS = 1000;
const WRITES = 100;
const WRITES_AT_ONCE = 10;

/** Trickle: one append every so many milliseconds, so often; quiet time, and the most that is waited for it. */
const TRICKLE_MS = 10;
const TRICKLES = 60;
const SETTLE_MS = 50;
const MAX_SETTLE_MS = 150;

function kindsOf(batches: readonly ChangeBatch[]): readonly string[] {
  return batches.flatMap(({ changes }) => changes.map(({ kind, path }) => `${kind} ${path}`));
}

/** Appends single bytes, each by a call of its own. */
function appendOften(path: string, times: number): void {
  const descriptor = openSync(path, 'a');
  try {
    for (let time = 0; time < times; time += 1) writeSync(descriptor, 'x');
  } finally {
    closeSync(descriptor);
  }
}

/** An iterator that comes late. */
const iterateLate: ConformanceCase = {
  name: 'watch-iterate-late',
  title: 'an iterator that is attached after changes begins with them; return ends only itself',
  run: async (bench) => {
    const { workspace } = bench;
    const watch = bench.watcher.watch(workspace.root, { recursive: true });
    await watch.ready;
    const paths = ['a', 'b', 'c'].map((name) => workspace.write(workspace.at(name)));
    await watch.flush();
    const iterator = watch[Symbol.asyncIterator]();
    const seen: string[] = [];
    while (seen.length < paths.length) {
      const { value, done } = await iterator.next();
      if (done === true) break;
      seen.push(...kindsOf([value]));
    }
    bench.expect(seen.sort(), 'the first changes').toEqual(paths.map((path) => `create ${path}`));
    await iterator.return?.();
    bench.expect(watch.state, 'the state of the watch').toBe('live');
    const later: ChangeBatch[] = [];
    watch.on('batch', (batch) => void later.push(batch));
    workspace.append(workspace.at('a'));
    await watch.flush();
    bench.expect(kindsOf(later), 'later changes').toEqual([`modify ${workspace.at('a')}`]);
  },
};

/** An abort ends iteration. */
const iterateAbort: ConformanceCase = {
  name: 'watch-iterate-abort',
  title: 'an abort ends a loop over a watch without an error',
  run: async (bench) => {
    const { workspace } = bench;
    const controller = new AbortController();
    const watch = bench.watcher.watch(workspace.root, { signal: controller.signal });
    let batches = 0;
    const loop = (async () => {
      for await (const { changes } of watch) {
        batches += changes.length;
        controller.abort();
      }
    })();
    await watch.ready;
    workspace.write(workspace.at('a'));
    await watch.flush();
    await loop;
    bench.expect([batches, watch.state], 'changes, and the state').toEqual([1, 'closed']);
  },
};

/** A listener that throws. */
const throwingListener: ConformanceCase = {
  name: 'watch-throwing-listener',
  title: 'a listener that throws is one problem, and later batches come',
  run: async (bench) => {
    const { workspace } = bench;
    const scene = await bench.watch();
    let thrown = false;
    scene.watch.on('batch', () => {
      if (thrown) return;
      thrown = true;
      throw new Error('from the listener');
    });
    await scene.step({ a: 'create' }, () => void workspace.write(workspace.at('a')));
    await scene.step({ a: 'modify' }, () => workspace.append(workspace.at('a')));
    const codes = scene.problems.map(({ code }) => code);
    bench.expect(codes, 'problems').toEqual(['ERR_WATCH_LISTENER']);
  },
};

/** A consumer that takes nothing for a long time. */
const slowConsumer: ConformanceCase = {
  name: 'watch-slow-consumer',
  title: 'many changes of few paths wait merged for a slow consumer, each path once',
  run: async (bench) => {
    const { workspace } = bench;
    const watch = bench.watcher.watch(workspace.root, { recursive: true });
    const iterator = watch[Symbol.asyncIterator]();
    await watch.ready;
    const paths = Array.from({ length: PATHS }, (_, index) => workspace.at(`f${index}`));
    for (let written = 0; written < WRITES; written += WRITES_AT_ONCE) {
      for (const path of paths) appendOften(path, WRITES_AT_ONCE);
      await watch.flush();
    }
    const seen = new Map<string, bigint>();
    let told = 0;
    while (seen.size < PATHS) {
      const { value, done } = await iterator.next();
      if (done === true) break;
      for (const { path, after } of value.changes) {
        told += 1;
        if (after !== null) seen.set(path, after.size);
      }
    }
    await watch.close();
    bench.expect(told, 'changes that were told').toBe(PATHS);
    bench.expect([...new Set(seen.values())], 'their sizes').toEqual([BigInt(WRITES)]);
  },
};

/** More than may wait. */
const fullQueue: ConformanceCase = {
  name: 'watch-full-queue',
  title: 'past maxQueuedPaths, what waits becomes one repaired batch and a problem',
  run: async (bench) => {
    const { workspace } = bench;
    const watch = bench.watcher.watch(workspace.root, { recursive: true, maxQueuedPaths: 10 });
    const problems: string[] = [];
    watch.on('problem', ({ code }) => void problems.push(code));
    const iterator = watch[Symbol.asyncIterator]();
    await watch.ready;
    for (let file = 0; file < 50; file += 1) workspace.write(workspace.at(`f${file}`));
    await watch.flush();
    const { value: batch } = await iterator.next();
    bench.expect(batch.repaired?.why, 'why the batch repairs').toBe('overflow');
    bench.expect(batch.changes, 'its changes').toEqual([]);
    bench.expect(problems, 'problems').toEqual(['ERR_WATCH_QUEUE_FULL']);
  },
};

/** Quiet never comes. */
const trickle: ConformanceCase = {
  name: 'watch-trickle',
  title: 'a steady writer is told at the latest when maxSettleMs is over, not only at the end',
  applies: ({ capabilities }) =>
    capabilities.typicalLatencyMs < MAX_SETTLE_MS || 'touches come too rarely here to tell',
  run: async (bench) => {
    const { workspace } = bench;
    const path = workspace.write(workspace.at('log'));
    const options = { settleMs: SETTLE_MS, maxSettleMs: MAX_SETTLE_MS, recursive: true };
    const scene = await bench.watch(workspace.root, options);
    const before = scene.batches.length;
    let written = 0;
    const batchesMeanwhile = await new Promise<number>((resolve) => {
      const timer = setInterval(() => {
        workspace.append(path);
        written += 1;
        if (written < TRICKLES) return;
        clearInterval(timer);
        resolve(scene.batches.length - before);
      }, TRICKLE_MS);
    });
    bench.expect(batchesMeanwhile > 0, 'batches while the writer went on').toBe(true);
    await scene.watch.flush();
    scene.expectModel(workspace.root);
  },
};

/** A file that is written bit by bit. */
const stableWrite: ConformanceCase = {
  name: 'watch-stable-write',
  title: 'with stableWriteMs, a file that is written in chunks is one create after the last',
  run: async (bench) => {
    const { workspace } = bench;
    const watch = bench.watcher.watch(workspace.root, { recursive: true, stableWriteMs: 300 });
    const batches: ChangeBatch[] = [];
    watch.on('batch', (batch) => void batches.push(batch));
    await watch.ready;
    const path = workspace.write(workspace.at('a'), '');
    for (let chunk = 0; chunk < 20; chunk += 1) {
      workspace.append(path, 'x'.repeat(10));
      await new Promise(setImmediate);
    }
    await until(() => batches.length > 0, bench.deadlineMs);
    bench.expect(kindsOf(batches), 'reported changes').toEqual([`create ${path}`]);
    bench.expect(batches[0]?.changes[0]?.after?.size, 'the size it is told with').toBe(200n);
  },
};

/** How changes are taken. */
export const consumingCases: readonly ConformanceCase[] = [
  iterateLate,
  iterateAbort,
  throwingListener,
  slowConsumer,
  fullQueue,
  trickle,
  stableWrite,
];
