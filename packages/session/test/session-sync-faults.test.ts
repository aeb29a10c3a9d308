import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { PathWatcher, WatchError } from '@watchkeeper/core';
import { createManualBackend, createManualClock } from '@watchkeeper/core/testing';
import {
  createSessionMonitor,
  createSessionSync,
  createSqliteStore,
  type IngestBatch,
  type SessionStore,
  type SessionSync,
  type SessionSyncOptions,
  StoreError,
  type StoreErrorCode,
  type SyncProblem,
} from '@watchkeeper/session';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { FOLLOW_RETRY_MIN_MS, UNWATCHED_WALK_MS } from '../src/sync-options.ts';
import { storeWith } from './store-with.ts';
import {
  createTranscripts,
  keys,
  keysOf,
  promptLine,
  promptLines,
  type Transcripts,
} from './transcript-files.ts';

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

function makeSync(into: SessionStore, options: Partial<SessionSyncOptions> = {}): SessionSync {
  const sync = createSessionSync({
    store: into,
    roots: [files.root],
    debounceMs: 0,
    maxWaitMs: 0,
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  cleanup.push(() => sync.close());
  return sync;
}

function withApply(apply: (batch: IngestBatch) => ReturnType<SessionStore['apply']>): SessionStore {
  return storeWith(store, { apply });
}

function storeError(code: StoreErrorCode, retryable: boolean): StoreError {
  const remedy = 'do what helps';
  return new StoreError('the database fails', { code, path: files.database, retryable, remedy });
}

describe('a store that will never take a batch', () => {
  it.each([
    ['a StoreError that is not retryable', () => storeError('ERR_STORE_CORRUPT', false)],
    ['any other error', () => new TypeError('not a message')],
  ])('is told once and not asked again until the transcript changes: %s', async (_, make) => {
    const error = make();
    let attempts = 0;
    let broken = true;
    const sync = makeSync(
      withApply((batch) => {
        attempts += 1;
        return broken ? Promise.reject(error) : store.apply(batch);
      }),
    );
    await files.write('p/s.jsonl', promptLines(0, 3));
    await sync.start();
    expect(attempts).toBe(1);
    expect(sync.stats()).toMatchObject({ retries: 0, live: 0 });
    expect(problems).toMatchObject([{ code: 'WRITE_FAILED', sessionId: 's', cause: error }]);
    await expect(sync.syncSession('s')).rejects.toBe(error);
    expect(problems).toHaveLength(1);
    broken = false;
    await files.append('p/s.jsonl', promptLines(3, 1));
    await expect.poll(() => keysOf(store, 's')).toEqual(keys(0, 4));
  });

  it('ends the following of a live transcript, which goes on with its next change', async () => {
    let broken = false;
    const sync = makeSync(
      withApply((batch) =>
        broken ? Promise.reject(storeError('ERR_STORE_IO', false)) : store.apply(batch),
      ),
    );
    await files.write('p/s.jsonl', promptLines(0, 1));
    await sync.start();
    broken = true;
    await files.append('p/s.jsonl', promptLines(1, 1));
    await expect.poll(() => sync.stats()).toMatchObject({ live: 0, problems: 1 });
    broken = false;
    await files.append('p/s.jsonl', promptLines(2, 1));
    await expect.poll(() => keysOf(store, 's')).toEqual(keys(0, 3));
  });
});

describe('a start that gives up', () => {
  it('rejects when a write that may still work has failed for that long', async () => {
    const full = storeError('ERR_STORE_FULL', true);
    const clock = createManualClock();
    const sync = makeSync(
      withApply(() => Promise.reject(full)),
      { giveUpAfterMs: 1000, clock },
    );
    await files.write('p/s.jsonl', promptLines(0, 3));
    const outcome = sync.start().catch((error: unknown) => error);
    await expect.poll(() => sync.stats().retries).toBe(1);
    await expect
      .poll(async () => {
        await clock.advance(100);
        return clock.now();
      })
      .toBeGreaterThanOrEqual(1000);
    expect(await outcome).toBe(full);
    expect(await store.get('s')).toBe(null);
  });

  it('rejects at once when it cannot pass', async () => {
    const error = storeError('ERR_STORE_CORRUPT', false);
    const sync = makeSync(
      withApply(() => Promise.reject(error)),
      { giveUpAfterMs: 60_000 },
    );
    await files.write('p/s.jsonl', promptLines(0, 3));
    await expect(sync.start()).rejects.toBe(error);
    expect(sync.stats().retries).toBe(0);
  });

  it('wants a time of 0 or more', () => {
    expect(() => makeSync(store, { giveUpAfterMs: -1 })).toThrow(
      new TypeError('giveUpAfterMs: wanted a number of 0 or more, got -1'),
    );
  });
});

describe('a transcript that cannot be watched at first', () => {
  it('is followed after a pause, though nothing tells of a change', async () => {
    const backend = createManualBackend();
    const watcher = new PathWatcher({ backends: [backend] });
    cleanup.push(() => watcher.close());
    const refused = { code: 'ERR_WATCH_IO', backend: 'manual', paths: [files.root] } as const;
    backend.rejectOpens(() => new WatchError('not now', refused));
    const clock = createManualClock();
    await files.write('p/s.jsonl', promptLines(0, 1));
    const sync = makeSync(store, { watcher, clock });
    await sync.start();
    await expect.poll(() => sync.stats().live).toBe(0);
    backend.rejectOpens(() => null);
    await expect
      .poll(async () => {
        await clock.advance(FOLLOW_RETRY_MIN_MS);
        return sync.stats().live;
      })
      .toBe(1);
    expect(clock.now()).toBeLessThan(UNWATCHED_WALK_MS);
    expect(await keysOf(store, 's')).toEqual(keys(0, 1));
  });
});

describe('a store that does not take a batch', () => {
  it('holds reading back and loses nothing; the problem is told once', async () => {
    const full = storeError('ERR_STORE_FULL', true);
    let failures = 3;
    const attempts: number[] = [];
    const sync = makeSync(
      withApply((batch) => {
        attempts.push(batch.items.length);
        if (failures === 0) return store.apply(batch);
        failures -= 1;
        return Promise.reject(full);
      }),
    );
    await files.write('p/s.jsonl', promptLines(0, 700));
    await sync.start();
    expect(await keysOf(store, 's')).toEqual(keys(0, 700));
    expect(attempts.slice(0, 4).every((rows) => rows === attempts[0])).toBe(true);
    expect(Math.max(...attempts)).toBeLessThanOrEqual(200);
    expect(problems).toMatchObject([{ code: 'WRITE_FAILED', sessionId: 's', cause: full }]);
    expect(sync.stats().retries).toBe(3);
  });

  it('is given up on close, with the cursor where the rows are', async () => {
    const sync = makeSync(withApply(() => Promise.reject(storeError('ERR_STORE_FULL', true))));
    await files.write('p/s.jsonl', promptLines(0, 3));
    const started = sync.start();
    await expect.poll(() => problems.length).toBeGreaterThan(0);
    await sync.close();
    await started;
    expect(await store.get('s')).toBe(null);
    await makeSync(store).start();
    expect(await keysOf(store, 's')).toEqual(keys(0, 3));
  });

  it('is waited for while another process holds its lock', async () => {
    await files.write('p/s.jsonl', promptLines(0, 1));
    const sync = makeSync(store);
    await sync.start();
    const other = new DatabaseSync(files.database);
    other.exec('BEGIN IMMEDIATE');
    await files.append('p/s.jsonl', promptLines(1, 5));
    const synced = sync.syncSession('s');
    expect(await keysOf(store, 's')).toEqual(keys(0, 1));
    other.exec('COMMIT');
    other.close();
    await synced;
    expect(await keysOf(store, 's')).toEqual(keys(0, 6));
  });
});

describe('two syncs into one database', () => {
  it('store every line once, and the slower one goes on from the faster one’s cursor', async () => {
    const second = createSqliteStore({ path: files.database });
    cleanup.push(() => second.close());
    await files.write('p/s.jsonl', promptLines(0, 10));
    const syncs = [makeSync(store), makeSync(second)];
    await Promise.all(syncs.map((sync) => sync.start()));
    for (let round = 0; round < 40; round += 1) {
      await files.append('p/s.jsonl', promptLines(10 + round * 5, 5));
      if (round % 10 === 0) await Promise.all(syncs.map((sync) => sync.syncSession('s')));
    }
    await Promise.all(syncs.map((sync) => sync.syncSession('s')));
    expect(await keysOf(store, 's')).toEqual(keys(0, 210));
    const version = (await store.get('s'))?.version;
    expect(version?.messageCount).toBe(210);
    const changes = await store.changes('s', null, { items: 1000, bytes: 1e9 });
    const revisions = [...new Set(changes.items.map((item) => item.rev))];
    expect(revisions).toEqual(Array.from({ length: version?.rev ?? 0 }, (_, index) => index + 1));
  });
});

describe('a watch that stays silent', () => {
  it('is made up for by the monitor, which syncs the session itself', async () => {
    await files.write('p/s.jsonl', promptLines(0, 1));
    const sync = makeSync(store);
    await sync.syncSession('s');
    const monitor = createSessionMonitor(store, { sync, pollMs: 20, fallbackMs: 60 });
    cleanup.push(() => monitor.close());
    const events = monitor.watch('s');
    const next = events.next();
    await files.append('p/s.jsonl', promptLine('u1'));
    expect(await next).toMatchObject({
      value: { type: 'tick', cause: 'fallback', prev: 1, version: { rev: 2, messageCount: 2 } },
    });
    expect(monitor.stats().fallbacks).toBe(1);
  });
});

/** Whether this machine lets a user mount a small file system of its own. */
const canMount =
  spawnSync('unshare', ['-Urm', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt']).status === 0;

describe('a full disk', () => {
  it('rolls back, waits, and goes on once there is space', async (context) => {
    if (!canMount) context.skip('this user may not mount a tmpfs');
    const disk = join(files.directory, 'disk');
    await mkdir(disk);
    await files.write('p/s.jsonl', promptLines(0, 3000));
    const child = join(import.meta.dirname, 'children', 'sync-until-full.ts');
    const run = spawn(
      'unshare',
      [
        '-Urm',
        'sh',
        '-c',
        'mount -t tmpfs -o size=3m tmpfs "$1" && exec "$2" --conditions=@watchkeeper/source "$3" "$1" "$4"',
        'sh',
        disk,
        process.execPath,
        child,
        files.root,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    run.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await once(run, 'close');
    expect(JSON.parse(output)).toEqual({
      problem: 'ERR_STORE_FULL',
      consistentWhenFull: true,
      messages: 3000,
      distinct: 3000,
      integrity: 'ok',
    });
  });
});
