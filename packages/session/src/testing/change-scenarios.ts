import assert from 'node:assert/strict';

import type { ChangeCursor, ChangeItem, SessionStore } from '../store.ts';
import { cursorAt, ingestBatch, promptItems, promptMessage } from './fixtures.ts';
import type { StoreScenario } from './store-conformance.ts';

async function readAll(
  store: SessionStore,
  after: ChangeCursor | null,
  limit: { readonly items?: number; readonly bytes?: number },
): Promise<{ readonly items: readonly ChangeItem[]; readonly pages: number }> {
  const items: ChangeItem[] = [];
  let from = after;
  for (let pages = 1; ; pages += 1) {
    const page = await store.changes('session-a', from, limit);
    items.push(...page.items);
    from = page.next;
    if (!page.more) return { items, pages };
    assert.ok(page.items.length > 0, 'a page that promises more must bring something');
  }
}

/** What `changes` and `window` owe. */
export const CHANGE_SCENARIOS: readonly StoreScenario[] = [
  {
    title: 'pages of any size give the same changes, in order of revision and place',
    async run(store) {
      await store.apply(ingestBatch(10, { expected: null, items: promptItems(0, 10) }));
      await store.apply(ingestBatch(15, { expected: cursorAt(10), items: promptItems(10, 5) }));
      const edited = [{ key: 'k3', message: promptMessage(3, 'edited') }];
      await store.apply(ingestBatch(16, { expected: cursorAt(15), items: edited }));
      const whole = await readAll(store, null, { items: 1000 });
      assert.equal(whole.pages, 1);
      assert.deepEqual(
        whole.items.map((item) => [item.rev, item.seq]),
        [
          ...[1, 2, 3, 5, 6, 7, 8, 9, 10].map((seq) => [1, seq]),
          ...[11, 12, 13, 14, 15].map((seq) => [2, seq]),
          [3, 4],
        ],
      );
      for (const limit of [
        { items: 1 },
        { items: 4 },
        { items: 15 },
        { bytes: 1 },
        { bytes: 900 },
      ]) {
        assert.deepEqual((await readAll(store, null, limit)).items, whole.items);
      }
      assert.equal((await readAll(store, null, { bytes: 1 })).pages, 15);
    },
  },
  {
    title: 'a reader that resumes gets what changed since, once',
    async run(store) {
      await store.apply(ingestBatch(3, { expected: null, items: promptItems(0, 3) }));
      const first = await store.changes('session-a', null);
      assert.equal(first.reset, false);
      const quiet = await store.changes('session-a', first.next);
      assert.deepEqual(quiet, { items: [], next: first.next, more: false, reset: false });
      await store.apply(ingestBatch(4, { expected: cursorAt(3), items: promptItems(3, 1) }));
      const second = await store.changes('session-a', first.next);
      assert.deepEqual(
        second.items.map((item) => item.key),
        ['k3'],
      );
    },
  },
  {
    title: 'a cursor of another database or from the future starts over',
    async run(store) {
      await store.apply(ingestBatch(2, { expected: null, items: promptItems(0, 2) }));
      const { next } = await store.changes('session-a', null);
      for (const strange of [
        { ...next, epoch: 'another' },
        { ...next, rev: next.rev + 1, seq: 1 },
      ]) {
        const page = await store.changes('session-a', strange);
        assert.equal(page.reset, true);
        assert.equal(page.items.length, 2);
        assert.deepEqual(page.next, next);
      }
    },
  },
  {
    title: 'an unknown session has no changes',
    async run(store) {
      const page = await store.changes('unknown', null);
      assert.deepEqual([page.items, page.more, page.reset], [[], false, false]);
      assert.deepEqual(await store.window('unknown'), []);
    },
  },
  {
    title: 'a window shows messages from either end',
    async run(store) {
      await store.apply(ingestBatch(9, { expected: null, items: promptItems(0, 9) }));
      const keys = async (query: Parameters<SessionStore['window']>[1]): Promise<string[]> =>
        (await store.window('session-a', query)).map((item) => item.key);
      assert.deepEqual(await keys({ limit: 2 }), ['k0', 'k1']);
      assert.deepEqual(await keys({ limit: 2, from: 2 }), ['k2', 'k3']);
      assert.deepEqual(await keys({ limit: 2, dir: 'desc' }), ['k8', 'k7']);
      assert.deepEqual(await keys({ limit: 2, dir: 'desc', from: 3 }), ['k1', 'k0']);
    },
  },
  {
    title: 'page sizes that are no positive integers are refused by name',
    async run(store) {
      await store.apply(ingestBatch(1, { expected: null, items: promptItems(0, 1) }));
      await assert.rejects(
        store.changes('session-a', null, { items: 0 }),
        /^TypeError: limit\.items/u,
      );
      await assert.rejects(store.window('session-a', { limit: 1.5 }), /^TypeError: query\.limit/u);
      await assert.rejects(store.list({}, { limit: -1 }), /^TypeError: page\.limit/u);
    },
  },
];
