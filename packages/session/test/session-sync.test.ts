import { rename, rm, truncate, utimes } from 'node:fs/promises';
import { join } from 'node:path';

import {
  createSessionSync,
  createSqliteStore,
  type SessionStore,
  type SessionSync,
  type SessionSyncOptions,
  type SyncProblem,
} from '@watchkeeper/session';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  createTranscripts,
  itemsOf,
  keys,
  keysOf,
  promptLine,
  promptLines,
  type Transcripts,
} from './transcript-files.ts';

let files: Transcripts;
let store: SessionStore;
let problems: SyncProblem[];
let syncs: SessionSync[];

beforeEach(async () => {
  files = await createTranscripts();
  store = createSqliteStore({ path: files.database });
  problems = [];
  syncs = [];
});

afterEach(async () => {
  for (const sync of syncs) await sync.close();
  await store.close();
  await files.dispose();
});

async function startSync(options: Partial<SessionSyncOptions> = {}): Promise<SessionSync> {
  const sync = createSessionSync({
    store,
    roots: [files.root],
    debounceMs: 0,
    maxWaitMs: 0,
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  syncs.push(sync);
  await sync.start();
  return sync;
}

describe('a first pass', () => {
  it('has every transcript in the store when start resolves', async () => {
    await files.write('-home-me/one.jsonl', promptLines(0, 1000));
    await files.write('-home-me/two.jsonl', promptLines(0, 3));
    await files.write('-home-me/one/subagents/agent-x.jsonl', promptLines(0, 2));
    await files.write('-home-me/one/tool-results/big.txt', 'not a transcript');
    await startSync();
    expect(await keysOf(store, 'one')).toEqual(keys(0, 1000));
    const rows = (await store.list()).items;
    expect(rows.map((row) => row.id).sort()).toEqual(['agent-x', 'one', 'two']);
    expect(await store.get('two')).toMatchObject({
      provider: 'claude-code',
      cwd: '/home/me/project',
      title: 'prompt u0',
      parentId: null,
      startedAt: '2026-05-01T10:00:00.000Z',
      version: { messageCount: 3, source: { path: files.path('-home-me/two.jsonl') } },
    });
    expect((await store.list({ parentId: 'one' })).items.map((row) => row.id)).toEqual(['agent-x']);
    expect(problems).toEqual([]);
  });

  it('finds the parent of an older subagent in its records', async () => {
    await files.write('-home-me/agent-old.jsonl', promptLines(0, 1));
    await startSync();
    expect((await store.get('agent-old'))?.parentId).toBe('from-the-record');
  });

  it('after a restart reads only what is new', async () => {
    await files.write('p/s.jsonl', promptLines(0, 50));
    await (await startSync()).close();
    await files.append('p/s.jsonl', promptLines(50, 2));
    const second = await startSync();
    expect(await keysOf(store, 's')).toEqual(keys(0, 52));
    expect(second.stats().messages).toBe(2);
    await second.close();
    const third = await startSync();
    expect(third.stats()).toMatchObject({ messages: 0, batches: 0 });
  });

  it('reads old transcripts but follows only recent ones', async () => {
    await files.write('p/old.jsonl', promptLines(0, 3));
    await files.write('p/new.jsonl', promptLines(0, 3));
    const lastWeek = new Date(Date.now() - 7 * 86_400_000);
    await utimes(files.path('p/old.jsonl'), lastWeek, lastWeek);
    const sync = await startSync();
    expect(await keysOf(store, 'old')).toEqual(keys(0, 3));
    expect(sync.stats()).toMatchObject({ files: 2, live: 1 });
    await files.append('p/old.jsonl', promptLine('u3'));
    await expect.poll(() => keysOf(store, 'old'), { timeout: 10_000 }).toEqual(keys(0, 4));
    await expect.poll(() => sync.stats().live).toBe(2);
  });

  it('waits for a root that is not there, and says so', async () => {
    const root = join(files.directory, 'later', 'projects');
    await startSync({ roots: [root] });
    expect(problems).toMatchObject([{ code: 'ROOT_MISSING', path: root }]);
    await files.write('../later/projects/p/s.jsonl', promptLines(0, 2));
    await expect.poll(() => keysOf(store, 's'), { timeout: 10_000 }).toEqual(keys(0, 2));
  });
});

describe('a running sync', () => {
  it('stores appended lines, and an unfinished one once it is finished', async () => {
    await files.write('p/s.jsonl', promptLines(0, 1));
    await startSync();
    const third = promptLine('u2', 'grüße, 世界, 🚀');
    await files.append('p/s.jsonl', promptLine('u1') + third.slice(0, 40));
    await expect.poll(() => keysOf(store, 's'), { timeout: 10_000 }).toEqual(keys(0, 2));
    await files.append('p/s.jsonl', third.slice(40));
    await expect.poll(() => keysOf(store, 's'), { timeout: 10_000 }).toEqual(keys(0, 3));
    expect((await itemsOf(store, 's')).at(-1)).toMatchObject({
      message: { text: 'grüße, 世界, 🚀', lineIndex: 2 },
    });
  });

  it('finds new transcripts, also in new directories', async () => {
    await startSync();
    await files.write('-new-project/s.jsonl', promptLines(0, 2));
    await files.write('-new-project/s/subagents/agent-a.jsonl', promptLines(0, 1));
    await expect.poll(() => keysOf(store, 's'), { timeout: 10_000 }).toEqual(keys(0, 2));
    await expect.poll(() => keysOf(store, 'agent-a'), { timeout: 10_000 }).toEqual(keys(0, 1));
    await files.append('-new-project/s.jsonl', promptLine('u2'));
    await expect.poll(() => keysOf(store, 's'), { timeout: 10_000 }).toEqual(keys(0, 3));
  });

  it('writes what is there when it is closed', async () => {
    await files.write('p/s.jsonl', promptLines(0, 1));
    const sync = await startSync({ debounceMs: 60_000, maxWaitMs: 60_000 });
    await files.append('p/s.jsonl', promptLines(1, 5));
    await sync.close();
    await sync.close();
    expect(await keysOf(store, 's')).toEqual(keys(0, 6));
  });

  it('keeps what a rewritten transcript no longer holds, and doubles nothing', async () => {
    await files.write('p/s.jsonl', promptLines(0, 20));
    await startSync();
    const compacted = promptLine('summary') + promptLines(15, 5) + promptLine('u20');
    await files.write('p/s.jsonl', compacted);
    await expect
      .poll(() => keysOf(store, 's'), { timeout: 10_000 })
      .toEqual([...keys(0, 20), 'summary', 'u20']);
    const items = await itemsOf(store, 's');
    const retained = items.filter((item) => item.t === 'put' && item.retained);
    expect(retained.map((item) => item.key)).toEqual(keys(0, 15));
  });

  it('goes on after a truncation', async () => {
    await files.write('p/s.jsonl', promptLines(0, 5));
    await startSync();
    await truncate(files.path('p/s.jsonl'), 0);
    await files.append('p/s.jsonl', promptLines(5, 2));
    await expect.poll(() => keysOf(store, 's'), { timeout: 10_000 }).toEqual(keys(0, 7));
  });

  it('keeps a session whose transcript is removed', async () => {
    await files.write('p/s.jsonl', promptLines(0, 5));
    await startSync();
    await rm(files.path('p/s.jsonl'));
    await expect
      .poll(async () => (await store.get('s'))?.version.source, { timeout: 10_000 })
      .toBe(null);
    expect(await keysOf(store, 's')).toEqual(keys(0, 5));
    expect((await store.get('s'))?.version).toMatchObject({ deleted: false, rev: 1 });
  });

  it('keeps a session whose transcript went while nobody looked', async () => {
    await files.write('p/s.jsonl', promptLines(0, 5));
    await (await startSync()).close();
    await rm(files.path('p/s.jsonl'));
    await startSync();
    expect((await store.get('s'))?.version).toMatchObject({ source: null, messageCount: 5 });
  });

  it('follows a transcript that moves to another directory', async () => {
    await files.write('before/s.jsonl', promptLines(0, 5));
    await files.write('after/other.jsonl', '');
    await startSync();
    await rename(files.path('before/s.jsonl'), files.path('after/s.jsonl'));
    await files.append('after/s.jsonl', promptLine('u5'));
    await expect.poll(() => keysOf(store, 's'), { timeout: 10_000 }).toEqual(keys(0, 6));
    expect((await store.get('s'))?.version.source?.path).toBe(files.path('after/s.jsonl'));
    expect((await store.list()).items.map((row) => row.id)).toEqual(['s']);
  });

  it('does not bring back a session that was deleted', async () => {
    await files.write('p/s.jsonl', promptLines(0, 5));
    await files.write('p/t.jsonl', promptLines(0, 1));
    const first = await startSync();
    await store.delete('s');
    await files.append('p/s.jsonl', promptLine('u5'));
    await files.append('p/t.jsonl', promptLine('u1'));
    await expect.poll(() => keysOf(store, 't'), { timeout: 10_000 }).toEqual(keys(0, 2));
    await first.close();
    await startSync();
    expect((await store.get('s'))?.version).toMatchObject({ deleted: true, messageCount: 0 });
  });
});

describe('names', () => {
  it('that two living transcripts share give two sessions, the same at each start', async () => {
    await files.write('one/same.jsonl', promptLines(0, 3, 'a'));
    await files.write('two/same.jsonl', promptLines(0, 3, 'b'));
    await (await startSync()).close();
    const rows = (await store.list()).items.map((row) => row.id).sort();
    expect(rows).toEqual(['same', expect.stringMatching(/^same~[0-9a-f]{8}$/u)]);
    expect(problems).toMatchObject([{ code: 'ID_TAKEN', sessionId: rows[1] }]);
    const before = await Promise.all(rows.map((id) => keysOf(store, id)));
    expect(before.map((found) => found.join()).sort()).toEqual(['a0,a1,a2', 'b0,b1,b2']);
    await files.append('one/same.jsonl', promptLine('a3'));
    await files.append('two/same.jsonl', promptLine('b3'));
    const again = await startSync();
    const after = await Promise.all(rows.map((id) => keysOf(store, id)));
    expect(after.map((found) => found.join()).sort()).toEqual(['a0,a1,a2,a3', 'b0,b1,b2,b3']);
    expect(again.stats().messages).toBe(2);
  });

  it('that a fork copies do not mix sessions', async () => {
    await files.write('p/parent.jsonl', promptLines(0, 5));
    await files.write('p/fork.jsonl', promptLines(0, 5) + promptLine('only-in-fork'));
    await startSync();
    expect(await keysOf(store, 'parent')).toEqual(keys(0, 5));
    expect(await keysOf(store, 'fork')).toEqual([...keys(0, 5), 'only-in-fork']);
  });
});

describe('syncSession', () => {
  it('records an unfinished line as seen, so that nobody asks again', async () => {
    await files.write('p/s.jsonl', promptLines(0, 2) + '{"type":"user"');
    const sync = await startSync();
    await sync.syncSession('s');
    const source = (await store.get('s'))?.version.source ?? null;
    const found = await sync.statSource('s', source);
    expect(found).toEqual({ path: source?.path, size: source?.size, mtimeNs: source?.mtimeNs });
    expect(source?.offset).toBeLessThan(source?.size ?? 0);
  });

  it('finds a transcript that no watch told of, and refuses one that is not there', async () => {
    const sync = createSessionSync({ store, roots: [files.root] });
    syncs.push(sync);
    await files.write('p/s.jsonl', promptLines(0, 2));
    await sync.syncSession('s');
    expect(await keysOf(store, 's')).toEqual(keys(0, 2));
    await expect(sync.syncSession('unknown')).rejects.toMatchObject({
      code: 'ERR_SESSION_NOT_FOUND',
    });
    await expect(sync.syncSession('s', AbortSignal.abort())).rejects.toThrow(/abort/iu);
  });

  it('brings a live transcript up to date at once', async () => {
    await files.write('p/s.jsonl', promptLines(0, 2));
    const sync = await startSync({ debounceMs: 60_000, maxWaitMs: 60_000 });
    await files.append('p/s.jsonl', promptLines(2, 2));
    await sync.syncSession('s');
    expect(await keysOf(store, 's')).toEqual(keys(0, 4));
  });
});

describe('options', () => {
  it('are checked by name', () => {
    const reader = createSqliteStore({ path: files.database, readOnly: true });
    expect(() => createSessionSync({ store: reader, roots: [files.root] })).toThrow(
      /^store: wanted/u,
    );
    expect(() => createSessionSync({ store, roots: [''] })).toThrow(/^roots: wanted/u);
    expect(() => createSessionSync({ store, roots: [], providers: [] })).toThrow(
      /^providers: wanted/u,
    );
    expect(() => createSessionSync({ store, roots: [], debounceMs: -1 })).toThrow(
      /^debounceMs: wanted/u,
    );
    return reader.close();
  });
});
