import assert from 'node:assert/strict';

import type { PutItem, SessionStore, SessionVersion } from '../store.ts';
import { cursorAt, ingestBatch, promptItems } from './fixtures.ts';
import type { StoreScenario } from './store-conformance.ts';

async function versionOf(store: SessionStore, id: string = 'session-a'): Promise<SessionVersion> {
  const version = (await store.versions([id])).get(id);
  assert.ok(version !== undefined, `no version of ${id}`);
  return version;
}

async function rowsOf(store: SessionStore, id: string = 'session-a'): Promise<readonly PutItem[]> {
  const items = await store.window(id, { limit: 1000 });
  return items.filter((item) => item.t === 'put');
}

/** What `apply` owes to sources, and what `detach` and `delete` owe. */
export const SOURCE_SCENARIOS: readonly StoreScenario[] = [
  {
    title: 'a session takes messages from one source at a time',
    async run(store) {
      const first = '/transcripts/session-a.jsonl';
      const second = '/elsewhere/session-a.jsonl';
      await store.apply(ingestBatch(2, { expected: null, items: promptItems(0, 2) }));
      const takeover = ingestBatch(1, {
        sourceKey: second,
        expected: null,
        items: promptItems(1, 1),
      });
      assert.deepEqual(await store.apply(takeover), { status: 'occupied', sourceKey: first });
      assert.equal(await store.detach(first), true);
      assert.equal(await store.detach(first), false);
      const idle = await versionOf(store);
      assert.equal(idle.source, null);
      assert.deepEqual([idle.rev, idle.messageCount], [1, 2]);
      assert.equal((await store.apply(takeover)).status, 'applied');
      assert.equal((await versionOf(store)).source?.path, second);
      assert.equal((await store.source(first))?.attached, false);
      assert.deepEqual(
        (await rowsOf(store)).map((row) => [row.key, row.retained]),
        [
          ['k0', true],
          ['k1', false],
        ],
      );
    },
  },
  {
    title: 'a source that comes back goes on from its cursor',
    async run(store) {
      const key = '/transcripts/session-a.jsonl';
      await store.apply(ingestBatch(2, { expected: null, items: promptItems(0, 2) }));
      await store.detach(key);
      assert.deepEqual(await store.source(key), {
        sessionId: 'session-a',
        cursor: cursorAt(2),
        stat: { size: 200, mtimeNs: '200' },
        attached: false,
        deleted: false,
      });
      await store.apply(ingestBatch(3, { expected: cursorAt(2), items: promptItems(2, 1) }));
      assert.equal((await versionOf(store)).source?.offset, 300);
      assert.ok((await rowsOf(store)).every((row) => !row.retained));
    },
  },
  {
    title: 'a detached source may begin anew under another id, an attached one may not',
    async run(store) {
      const key = '/transcripts/session-a.jsonl';
      await store.apply(ingestBatch(2, { expected: null, items: promptItems(0, 2) }));
      const renamed = ingestBatch(2, {
        sessionId: 'session-z',
        expected: null,
        items: promptItems(0, 2),
      });
      await assert.rejects(store.apply(renamed), /^TypeError: batch\.sessionId/u);
      await store.detach(key);
      assert.equal((await store.apply(renamed)).status, 'applied');
      assert.equal((await store.source(key))?.sessionId, 'session-z');
      assert.equal((await versionOf(store)).messageCount, 2);
      assert.equal((await versionOf(store, 'session-z')).source?.path, key);
    },
  },
  {
    title: 'a deleted session keeps a tombstone that wins over later batches',
    async run(store) {
      await store.apply(ingestBatch(450, { expected: null, items: promptItems(0, 450) }));
      assert.equal(await store.delete('unknown'), false);
      assert.equal(await store.delete('session-a'), true);
      assert.equal(await store.delete('session-a'), false);
      const late = ingestBatch(451, { expected: cursorAt(450), items: promptItems(450, 1) });
      assert.deepEqual(await store.apply(late), { status: 'deleted' });
      const version = await versionOf(store);
      assert.deepEqual(
        [version.deleted, version.rev, version.messageCount, version.source],
        [true, 2, 0, null],
      );
      assert.deepEqual(await store.window('session-a'), []);
      assert.deepEqual((await store.changes('session-a', null)).items, []);
      assert.equal((await store.source('/transcripts/session-a.jsonl'))?.deleted, true);
    },
  },
];
