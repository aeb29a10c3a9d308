import { rm } from 'node:fs/promises';

import { createWatcher } from '@watchkeeper/backends';
import type { PathWatcher, Watch } from '@watchkeeper/core';
import {
  createSessionSync,
  createSqliteStore,
  type SessionStore,
  type SessionSync,
  type SyncProblem,
} from '@watchkeeper/session';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { storeWith } from './store-with.ts';
import {
  createTranscripts,
  keys,
  keysOf,
  promptLine,
  type Transcripts,
} from './transcript-files.ts';

let files: Transcripts;
let store: SessionStore;
let watcher: PathWatcher;
let problems: SyncProblem[];
let sync: SessionSync;

/** A detaching that takes until the test lets it go on. */
let detaching: { readonly begun: Promise<void>; readonly release: () => void };

beforeEach(async () => {
  files = await createTranscripts();
  store = createSqliteStore({ path: files.database });
  watcher = createWatcher();
  problems = [];
  const begun = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  detaching = { begun: begun.promise, release: held.resolve };
  sync = createSessionSync({
    store: storeWith(store, {
      async detach(key) {
        begun.resolve();
        await held.promise;
        return store.detach(key);
      },
    }),
    roots: [files.root],
    watcher,
    debounceMs: 0,
    maxWaitMs: 0,
    onProblem: (problem) => problems.push(problem),
  });
});

afterEach(async () => {
  detaching.release();
  await sync.close();
  await watcher.close();
  await store.close();
  await files.dispose();
});

/** Deletes a followed transcript, and makes it again while its session is being detached. */
async function recreateWhileDetaching(): Promise<Watch> {
  await files.write('p/s.jsonl', promptLine('u0'));
  await sync.start();
  await expect.poll(() => sync.stats().live).toBe(1);
  const witness = watcher.watch(files.root, { recursive: true });
  await witness.ready;
  const seen = Promise.withResolvers<void>();
  await rm(files.path('p/s.jsonl'));
  await detaching.begun;
  witness.on('batch', ({ changes }) => {
    if (changes.some(({ path, kind }) => path === files.path('p/s.jsonl') && kind !== 'remove'))
      seen.resolve();
  });
  await files.write('p/s.jsonl', promptLine('u1'));
  await seen.promise;
  await files.append('p/s.jsonl', promptLine('u2'));
  return witness;
}

describe('a transcript that is deleted and made again while its session is being detached', () => {
  it('is followed by one reader, and by none after close', async () => {
    const witness = await recreateWhileDetaching();
    detaching.release();
    await expect.poll(async () => (await keysOf(store, 's')).at(-1)).toBe('u2');
    for (let index = 3; index < 8; index += 1) {
      await files.append('p/s.jsonl', promptLine(`u${index}`));
      await expect.poll(async () => (await keysOf(store, 's')).at(-1)).toBe(`u${index}`);
    }
    await expect.poll(() => sync.stats()).toMatchObject({ files: 1, live: 1, conflicts: 0 });
    await sync.close();
    await witness.close();
    expect(watcher.stats().watches).toBe(0);
    const stored = await keysOf(store, 's');
    await files.append('p/s.jsonl', promptLine('late'));
    expect(await keysOf(store, 's')).toEqual(stored);
    expect(problems).toEqual([]);
  });

  it('is not read any more when the sync closes meanwhile', async () => {
    const witness = await recreateWhileDetaching();
    const closed = sync.close();
    detaching.release();
    await closed;
    await witness.close();
    expect(watcher.stats().watches).toBe(0);
    const stored = await keysOf(store, 's');
    await files.append('p/s.jsonl', promptLine('late'));
    expect(await keysOf(store, 's')).toEqual(stored);
    expect(stored).toEqual(keys(0, 1));
    expect(problems).toEqual([]);
  });
});
