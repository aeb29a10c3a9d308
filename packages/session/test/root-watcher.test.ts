import { rm } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

import { PathWatcher, WatchError } from '@watchkeeper/core';
import { createManualBackend, createManualClock } from '@watchkeeper/core/testing';
import {
  createSessionSync,
  createSqliteStore,
  type SessionStore,
  type SessionSync,
  type SessionSyncOptions,
  type SyncProblem,
} from '@watchkeeper/session';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { RootWatcher, type RootHost } from '../src/root-watcher.ts';
import { UNWATCHED_WALK_MS } from '../src/sync-options.ts';
import { TranscriptFinder } from '../src/transcript-finder.ts';
import { createTranscripts, promptLine, type Transcripts } from './transcript-files.ts';

let files: Transcripts;
let store: SessionStore;
let problems: SyncProblem[];
let cleanup: (() => Promise<void>)[];

beforeEach(async () => {
  files = await createTranscripts();
  store = createSqliteStore({ path: files.database });
  problems = [];
  cleanup = [];
});

afterEach(async () => {
  for (const step of cleanup.toReversed()) await step();
  await store.close();
  await files.dispose();
});

const refused = new WatchError('no watching here', {
  code: 'ERR_WATCH_SCOPE_UNSUPPORTED',
  backend: 'manual',
  paths: [],
});

function makeSync(options: Pick<SessionSyncOptions, 'watcher' | 'clock'>): SessionSync {
  const sync = createSessionSync({
    store,
    roots: [files.root],
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  cleanup.push(() => sync.close());
  return sync;
}

describe('a root that cannot be watched', () => {
  it('is walked, and a transcript that went meanwhile loses its source', async () => {
    const backend = createManualBackend();
    backend.rejectOpens(() => refused);
    const watcher = new PathWatcher({ backends: [backend] });
    cleanup.push(() => watcher.close());
    const clock = createManualClock();
    await files.write('p/s.jsonl', promptLine('u0'));
    const filled = makeSync({});
    await filled.start();
    await filled.close();
    // The transcript counts as current: it is not read again, only looked at.
    const sync = makeSync({ watcher, clock });
    await sync.start();
    await rm(files.path('p/s.jsonl'));
    await clock.advance(UNWATCHED_WALK_MS);
    await expect.poll(async () => (await store.get('s'))?.version.source).toBe(null);
    expect(sync.stats().files).toBe(0);
    expect(problems.map(({ code }) => code)).toContain('WATCH_FAILED');
  });

  it('has no walk under way when its close has resolved', async () => {
    const backend = createManualBackend();
    backend.rejectOpens(() => refused);
    const watcher = new PathWatcher({ backends: [backend] });
    cleanup.push(() => watcher.close());
    const clock = createManualClock();
    const begun = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const closing = new AbortController();
    const host: RootHost = {
      watcher,
      clock,
      closing: closing.signal,
      finder: new TranscriptFinder([files.root], []),
      report: (problem) => problems.push(problem),
      onTouched: () => undefined,
      onGone: () => undefined,
      async walk() {
        begun.resolve();
        await held.promise;
      },
    };
    const root = new RootWatcher(files.root, host);
    await root.open();
    await clock.advance(UNWATCHED_WALK_MS);
    await begun.promise;
    closing.abort();
    let closed = false;
    const closes = root.close().then(() => {
      closed = true;
    });
    await watcher.close();
    await setImmediate();
    expect(closed).toBe(false);
    held.resolve();
    await closes;
    expect(clock.pending).toBe(0);
  });
});

describe('a sync that closes while the watch of its root is still opening', () => {
  it('has no problem to tell', async () => {
    const backend = createManualBackend();
    const release = backend.holdOpens();
    const watcher = new PathWatcher({ backends: [backend] });
    cleanup.push(() => watcher.close());
    const sync = makeSync({ watcher });
    const started = sync.start();
    await expect.poll(() => backend.heldOpens).toBeGreaterThan(0);
    const closed = sync.close();
    release();
    await closed;
    await started;
    expect(problems).toEqual([]);
  });
});
