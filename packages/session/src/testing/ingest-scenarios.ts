import assert from 'node:assert/strict';

import type { PutItem, SessionStore, SessionVersion } from '../store.ts';
import { cursorAt, ingestBatch, promptItems, promptMessage } from './fixtures.ts';
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

/** What `apply` owes. */
export const INGEST_SCENARIOS: readonly StoreScenario[] = [
  {
    title: 'messages, cursor and source stat of a batch arrive together',
    async run(store) {
      const result = await store.apply(
        ingestBatch(3, { expected: null, items: promptItems(0, 3) }),
      );
      assert.deepEqual(result, { status: 'applied', changed: true, rev: 1 });
      assert.deepEqual(await store.sourceCursor('/transcripts/session-a.jsonl'), cursorAt(3));
      const version = await versionOf(store);
      assert.equal(version.messageCount, 3);
      assert.equal(version.deleted, false);
      assert.deepEqual(version.source, {
        path: '/transcripts/session-a.jsonl',
        size: 300,
        mtimeNs: '300',
        offset: 300,
        generation: 0,
      });
      const rows = await rowsOf(store);
      assert.deepEqual(
        rows.map((row) => [row.seq, row.rev, row.key, row.retained]),
        [
          [1, 1, 'k0', false],
          [2, 1, 'k1', false],
          [3, 1, 'k2', false],
        ],
      );
      assert.deepEqual(rows[1]?.message, promptMessage(1, 'prompt 1'));
    },
  },
  {
    title: 'a batch raises the revision of its session once, and of no other session',
    async run(store) {
      await store.apply(ingestBatch(1, { expected: null, items: promptItems(0, 1) }));
      await store.apply(
        ingestBatch(3, {
          sessionId: 'session-b',
          sourceKey: '/transcripts/session-b.jsonl',
          expected: null,
          items: promptItems(0, 3),
        }),
      );
      await store.apply(ingestBatch(151, { expected: cursorAt(1), items: promptItems(1, 150) }));
      assert.equal((await versionOf(store)).rev, 2);
      assert.equal((await versionOf(store, 'session-b')).rev, 1);
    },
  },
  {
    title: 'repeated rows and pure cursor moves leave the revision alone but move the cursor',
    async run(store) {
      await store.apply(ingestBatch(2, { expected: null, items: promptItems(0, 2) }));
      const repeated = { key: 'k0', message: promptMessage(2, 'prompt 0') };
      const again = await store.apply(ingestBatch(3, { expected: cursorAt(2), items: [repeated] }));
      assert.deepEqual(again, { status: 'applied', changed: false, rev: 1 });
      const moved = await store.apply(ingestBatch(4, { expected: cursorAt(3), items: [] }));
      assert.deepEqual(moved, { status: 'applied', changed: false, rev: 1 });
      const version = await versionOf(store);
      assert.equal(version.messageCount, 2);
      assert.equal(version.source?.offset, 400);
    },
  },
  {
    title: 'changed content under a known key updates the row in its place',
    async run(store) {
      await store.apply(ingestBatch(2, { expected: null, items: promptItems(0, 2) }));
      const edited = { key: 'k0', message: promptMessage(0, 'edited') };
      await store.apply(ingestBatch(3, { expected: cursorAt(2), items: [edited] }));
      const rows = await rowsOf(store);
      assert.deepEqual(
        rows.map((row) => [row.seq, row.rev, row.key]),
        [
          [1, 2, 'k0'],
          [2, 1, 'k1'],
        ],
      );
      assert.deepEqual(rows[0]?.message, edited.message);
      assert.equal((await versionOf(store)).messageCount, 2);
    },
  },
  {
    title: 'a key that comes twice in one batch keeps its last content',
    async run(store) {
      const twice = ['first', 'second'].map((text) => ({
        key: 'k',
        message: promptMessage(0, text),
      }));
      await store.apply(ingestBatch(2, { expected: null, items: twice }));
      const rows = await rowsOf(store);
      assert.deepEqual(
        rows.map((row) => row.message),
        [promptMessage(0, 'second')],
      );
    },
  },
  {
    title: 'a batch that does not continue from the stored cursor changes nothing and learns it',
    async run(store) {
      await store.apply(ingestBatch(2, { expected: null, items: promptItems(0, 2) }));
      const late = [
        { expected: null, items: promptItems(0, 3) },
        { expected: cursorAt(1), items: promptItems(1, 2) },
        { expected: cursorAt(2, 1), items: promptItems(2, 1) },
      ];
      for (const batch of late) {
        const result = await store.apply(ingestBatch(3, batch));
        assert.deepEqual(result, { status: 'conflict', cursor: cursorAt(2) });
      }
      const fresh = await store.apply(
        ingestBatch(3, { sourceKey: '/x.jsonl', sessionId: 'x', expected: cursorAt(2), items: [] }),
      );
      assert.deepEqual(fresh, { status: 'conflict', cursor: null });
      assert.equal(await store.get('x'), null);
      assert.equal((await versionOf(store)).messageCount, 2);
    },
  },
  {
    title: 'after a rewrite, rows that come again are current and the others are retained',
    async run(store) {
      await store.apply(ingestBatch(3, { expected: null, items: promptItems(0, 3) }));
      const result = await store.apply(
        ingestBatch(1, {
          expected: cursorAt(3),
          cursor: cursorAt(1, 1),
          items: promptItems(1, 1),
          restarted: true,
        }),
      );
      assert.deepEqual(result, { status: 'applied', changed: false, rev: 1 });
      await store.apply(
        ingestBatch(2, {
          expected: cursorAt(1, 1),
          cursor: cursorAt(2, 1),
          items: promptItems(7, 1),
        }),
      );
      assert.deepEqual(
        (await rowsOf(store)).map((row) => [row.key, row.retained]),
        [
          ['k0', true],
          ['k1', false],
          ['k2', true],
          ['k7', false],
        ],
      );
    },
  },
  {
    title: 'a row that is taken back leaves a change behind, and may come again',
    async run(store) {
      await store.apply(ingestBatch(2, { expected: null, items: promptItems(0, 2) }));
      const back = [
        { key: 'k0', message: null },
        { key: 'never seen', message: null },
      ];
      await store.apply(ingestBatch(3, { expected: cursorAt(2), items: back }));
      assert.equal((await versionOf(store)).messageCount, 1);
      const page = await store.changes('session-a', null);
      assert.deepEqual(page.items.at(-1), { t: 'del', seq: 1, rev: 2, key: 'k0' });
      assert.deepEqual(
        (await store.window('session-a')).map((item) => item.key),
        ['k1'],
      );
      await store.apply(ingestBatch(4, { expected: cursorAt(3), items: promptItems(0, 1) }));
      assert.equal((await versionOf(store)).messageCount, 2);
    },
  },
  {
    title: 'of two writers that continue from one cursor, one wins and the other learns its cursor',
    twoHandles: true,
    async run(store, another) {
      const other = await another();
      await store.apply(ingestBatch(1, { expected: null, items: promptItems(0, 1) }));
      const results = await Promise.all([
        store.apply(ingestBatch(2, { expected: cursorAt(1), items: promptItems(1, 1) })),
        other.apply(ingestBatch(3, { expected: cursorAt(1), items: promptItems(1, 2) })),
      ]);
      assert.deepEqual(results.map((result) => result.status).sort(), ['applied', 'conflict']);
      const stored = await store.sourceCursor('/transcripts/session-a.jsonl');
      const loser = results.find((result) => result.status === 'conflict');
      assert.deepEqual(loser, { status: 'conflict', cursor: stored });
      assert.equal((await versionOf(other)).rev, 2);
    },
  },
  {
    title: 'text that no C string and no UTF-8 can hold is stored all the same',
    async run(store) {
      const message = promptMessage(0, 'nul \u0000, pair \u{1f680}, end');
      const lone = promptMessage(1, 'lone \ud800 surrogate');
      await store.apply(
        ingestBatch(2, {
          expected: null,
          items: [
            { key: 'k0', message },
            { key: 'k1', message: lone },
          ],
        }),
      );
      const rows = await rowsOf(store);
      assert.deepEqual(rows[0]?.message, message);
      const read = rows[1]?.message;
      assert.ok(read?.kind === 'user-prompt');
      assert.ok([lone.text, 'lone \ufffd surrogate'].includes(read.text));
    },
  },
];
