import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createWatcher } from '@watchkeeper/backends';
import type { ChangeBatch, Watch } from '@watchkeeper/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { BACKENDS, type BackendUnderTest } from './support/backends.ts';
import { runElsewhere } from './support/elsewhere.ts';
import { TEST_MS } from './support/patience.ts';
import { makePlace } from './support/place.ts';

vi.setConfig({ testTimeout: TEST_MS });

const PATHS = 1000;
const CHANGES = 100_000;

/** Appends to each file in turn. */
const WRITE = `
  const { closeSync, openSync, writeSync } = require('node:fs');
  const [root, paths, changes] = process.argv.slice(1);
  const files = Array.from({ length: Number(paths) }, (_, index) => openSync(root + '/f' + index, 'a'));
  for (let index = 0; index < Number(changes); index += 1) {
    writeSync(files[index % files.length], 'x');
  }
  for (const file of files) closeSync(file);
`;

async function open(use: BackendUnderTest, options: { maxQueuedPaths?: number }): Promise<Watch> {
  const path = join(makePlace(), 'watched');
  mkdirSync(path);
  const watcher = createWatcher({ use, fallback: false });
  onTestFinished(() => watcher.close());
  const watch = watcher.watch(path, { recursive: true, ...options });
  await watch.ready;
  return watch;
}

async function drain(watch: Watch, iterator: AsyncIterator<ChangeBatch>): Promise<ChangeBatch[]> {
  await watch.flush();
  const batches: ChangeBatch[] = [];
  for (;;) {
    const none = Symbol('none');
    const next = iterator.next();
    // What waits is there at once: a turn without it means that nothing waits.
    const idle = new Promise<typeof none>((resolve) => void setImmediate(resolve, none));
    const result = await Promise.race([next, idle]);
    if (result === none || result.done === true) return batches;
    batches.push(result.value);
  }
}

describe.for(BACKENDS)('%s and a consumer that does not read', (backend) => {
  it(`merges ${CHANGES} changes of ${PATHS} paths into what is there at last`, async () => {
    const watch = await open(backend, {});
    const iterator = watch[Symbol.asyncIterator]();
    await runElsewhere(WRITE, watch.path, String(PATHS), String(CHANGES));
    const changes = (await drain(watch, iterator)).flatMap((batch) => batch.changes);
    // One change per path waits, whatever happened to it.
    const files = changes.filter(({ path }) => path !== watch.path);
    expect(files.map(({ path }) => path).toSorted()).toEqual(
      Array.from({ length: PATHS }, (_, index) => join(watch.path, `f${index}`)).toSorted(),
    );
    const size = BigInt(CHANGES / PATHS);
    expect(new Set(files.map(({ kind, after }) => `${kind} ${after?.size}`))).toEqual(
      new Set([`create ${size}`]),
    );
    expect(statSync(join(watch.path, 'f0'), { bigint: true }).size).toBe(size);
  });

  it('turns what is too much to wait into one batch that says so', async () => {
    const watch = await open(backend, { maxQueuedPaths: PATHS / 2 });
    const problems: string[] = [];
    watch.on('problem', ({ code }) => problems.push(code));
    const iterator = watch[Symbol.asyncIterator]();
    await runElsewhere(WRITE, watch.path, String(PATHS), String(PATHS));
    const batches = await drain(watch, iterator);
    expect(batches).toHaveLength(1);
    expect(batches[0]?.repaired).toMatchObject({ under: [watch.path], why: 'overflow' });
    expect(problems).toContain('ERR_WATCH_QUEUE_FULL');
  });
});
