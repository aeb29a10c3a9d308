import assert from 'node:assert/strict';

import type { StoreHint } from '../store.ts';
import { cursorAt, ingestBatch, promptItems } from './fixtures.ts';
import type { StoreScenario } from './store-conformance.ts';

/** What `gate`, `onHint` and `close` owe. */
export const SIGNAL_SCENARIOS: readonly StoreScenario[] = [
  {
    title: 'the gate stands still while nothing is written and moves with own writes',
    async run(store) {
      const before = await store.gate();
      assert.equal(await store.gate(), before);
      await store.list();
      assert.equal(await store.gate(), before);
      await store.apply(ingestBatch(1, { expected: null, items: promptItems(0, 1) }));
      const after = await store.gate();
      assert.notEqual(after, before);
      assert.equal(await store.gate(), after);
      await store.delete('session-a');
      assert.notEqual(await store.gate(), after);
    },
  },
  {
    title: 'the gate moves with writes of another process',
    twoHandles: true,
    async run(store, another) {
      const other = await another();
      const before = await store.gate();
      await other.apply(ingestBatch(1, { expected: null, items: promptItems(0, 1) }));
      assert.notEqual(await store.gate(), before);
      assert.equal((await store.get('session-a'))?.version.messageCount, 1);
    },
  },
  {
    title: 'a hint comes after the commit, with the revision that can then be read',
    async run(store) {
      const hints: StoreHint[] = [];
      const revisions: Promise<number | undefined>[] = [];
      const stop = store.onHint((hint) => {
        hints.push(hint);
        revisions.push(store.get('session-a').then((row) => row?.version.rev));
      });
      await store.apply(ingestBatch(1, { expected: null, items: promptItems(0, 1) }));
      await store.apply(ingestBatch(2, { expected: cursorAt(1), items: promptItems(1, 1) }));
      await store.delete('session-a');
      assert.deepEqual(
        hints,
        [1, 2, 3].map((rev) => ({ sessionId: 'session-a', rev })),
      );
      assert.equal((await Promise.all(revisions)).length, 3);
      stop();
      await store.apply(
        ingestBatch(1, {
          sessionId: 'b',
          sourceKey: '/b',
          expected: null,
          items: promptItems(0, 1),
        }),
      );
      assert.equal(hints.length, 3);
    },
  },
  {
    title: 'nothing written, nothing hinted',
    async run(store) {
      await store.apply(ingestBatch(1, { expected: null, items: promptItems(0, 1) }));
      let hints = 0;
      store.onHint(() => {
        hints += 1;
      });
      await store.apply(ingestBatch(2, { expected: cursorAt(1), items: promptItems(0, 1) }));
      await store.apply(ingestBatch(9, { expected: cursorAt(1), items: promptItems(9, 1) }));
      await store.detach('/transcripts/session-a.jsonl');
      assert.equal(hints, 0);
    },
  },
  {
    title: 'a closed store refuses everything by code, and closes once',
    async run(store) {
      await store.close();
      await store.close();
      const closed = { code: 'ERR_STORE_CLOSED' };
      await assert.rejects(store.gate(), closed);
      await assert.rejects(store.list(), closed);
      await assert.rejects(store.apply(ingestBatch(1, { expected: null, items: [] })), closed);
    },
  },
];
