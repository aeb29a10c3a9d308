import assert from 'node:assert/strict';

import type { IngestBatch, SessionFilter, SessionStore } from '../store.ts';
import { cursorAt, ingestBatch, promptMessage, type PromptFacts } from './fixtures.ts';
import type { StoreScenario } from './store-conformance.ts';

async function addSession(
  store: SessionStore,
  sessionId: string,
  facts: PromptFacts,
  batch: Partial<IngestBatch> = {},
): Promise<void> {
  const message = promptMessage(0, `about ${sessionId}`, facts);
  await store.apply(
    ingestBatch(1, {
      sessionId,
      sourceKey: `/transcripts/${sessionId}.jsonl`,
      expected: null,
      items: [{ key: 'k0', message }],
      ...batch,
    }),
  );
}

async function listIds(store: SessionStore, filter?: SessionFilter): Promise<string[]> {
  return (await store.list(filter)).items.map((row) => row.id);
}

/** What `list`, `get` and `resolve` owe. */
export const LIST_SCENARIOS: readonly StoreScenario[] = [
  {
    title: 'a session tells what its messages told',
    async run(store) {
      await addSession(
        store,
        'child',
        {
          cwd: '/home/me/project',
          timestamp: '2026-05-01T10:00:00.000Z',
        },
        { parentId: 'parent' },
      );
      const row = await store.get('child');
      assert.ok(row !== null);
      const { version, ...facts } = row;
      assert.deepEqual(facts, {
        id: 'child',
        provider: 'claude-code',
        cwd: '/home/me/project',
        title: 'about child',
        parentId: 'parent',
        startedAt: '2026-05-01T10:00:00.000Z',
        updatedAt: '2026-05-01T10:00:00.000Z',
      });
      assert.match(version.epoch, /^[A-Za-z0-9]+$/u);
      assert.deepEqual(await store.versions(['child', 'unknown']), new Map([['child', version]]));
      assert.equal(await store.get('unknown'), null);
    },
  },
  {
    title: 'sessions are listed newest activity first, page by page',
    async run(store) {
      const ids = Array.from({ length: 7 }, (_, index) => `s${index}`);
      for (const [index, id] of ids.entries()) {
        // Two of them at the same moment: the order must still be total.
        const day = Math.min(index, 5) + 10;
        await addSession(store, id, { timestamp: `2026-05-${day}T10:00:00.000Z` });
      }
      const newestFirst = ids.toReversed();
      assert.deepEqual(await listIds(store), newestFirst);
      const paged: string[] = [];
      let after: string | null = null;
      do {
        const page = await store.list({}, after === null ? { limit: 2 } : { limit: 2, after });
        paged.push(...page.items.map((row) => row.id));
        after = page.next;
      } while (after !== null);
      assert.deepEqual(paged, newestFirst);
      await assert.rejects(store.list({}, { after: 'nonsense' }), /^TypeError: page\.after/u);
    },
  },
  {
    title: 'a session whose records tell no time is listed by when its transcript changed',
    async run(store) {
      const at = (iso: string): string => `${BigInt(Date.parse(iso)) * 1_000_000n}`;
      const stat = (mtimeNs: string): Partial<IngestBatch> => ({ stat: { size: 100, mtimeNs } });
      await addSession(store, 'early', { timestamp: '2026-05-01T00:00:00.000Z' });
      await addSession(store, 'untimed', {}, stat(at('2026-05-02T00:00:00.000Z')));
      await addSession(store, 'late', { timestamp: '2026-05-03T00:00:00.000Z' });
      assert.deepEqual(await listIds(store), ['late', 'untimed', 'early']);
      const row = await store.get('untimed');
      assert.equal(row?.updatedAt, '2026-05-02T00:00:00.000Z');
      assert.equal(row.startedAt, null);
      const source = { sessionId: 'untimed', sourceKey: '/transcripts/untimed.jsonl' };
      const touched = await store.apply(
        ingestBatch(1, {
          ...source,
          expected: cursorAt(1),
          items: [],
          ...stat(at('2026-05-04T00:00:00.000Z')),
        }),
      );
      assert.deepEqual(touched, { status: 'applied', changed: false, rev: 1 });
      assert.deepEqual(await listIds(store), ['untimed', 'late', 'early']);
      const timed = promptMessage(1, 'with a time', { timestamp: '2026-04-30T00:00:00.000Z' });
      await store.apply(
        ingestBatch(2, {
          ...source,
          expected: cursorAt(1),
          items: [{ key: 'k1', message: timed }],
          ...stat(at('2026-05-05T00:00:00.000Z')),
        }),
      );
      assert.deepEqual(await listIds(store), ['late', 'early', 'untimed']);
    },
  },
  {
    title: 'filters hold together',
    async run(store) {
      await addSession(store, 'a', { cwd: '/one', timestamp: '2026-05-01T00:00:00Z' });
      await addSession(store, 'b', { cwd: '/two' }, { provider: 'codex', parentId: 'a' });
      await addSession(store, 'c', { cwd: '/two' }, { parentId: 'a' });
      assert.deepEqual(await listIds(store, { provider: 'codex' }), ['b']);
      assert.deepEqual(await listIds(store, { cwd: '/two' }), ['c', 'b']);
      assert.deepEqual(await listIds(store, { parentId: 'a', provider: 'claude-code' }), ['c']);
      await store.delete('c');
      assert.deepEqual(await listIds(store, { parentId: 'a' }), ['b']);
      assert.deepEqual(await listIds(store, { parentId: 'a', deleted: true }), ['c', 'b']);
    },
  },
  {
    title: 'an id is found whole or by its prefix, and no character in it is a wildcard',
    async run(store) {
      for (const id of ['abc', 'abcd', 'ab_e', 'x%y']) await addSession(store, id, {});
      const found = async (text: string): Promise<readonly string[]> =>
        (await store.resolve(text)).ids;
      assert.deepEqual(await found('abc'), ['abc']);
      assert.deepEqual([...(await found('ab'))].sort(), ['ab_e', 'abc', 'abcd']);
      assert.deepEqual(await found('ab_'), ['ab_e']);
      assert.deepEqual(await found('x%'), ['x%y']);
      assert.deepEqual(await found('%'), []);
      assert.deepEqual(await found(''), []);
      assert.deepEqual(await found('nothing'), []);
      await store.delete('abcd');
      assert.deepEqual(await found('abcd'), ['abcd'], 'a tombstone is still found by its whole id');
      assert.deepEqual([...(await found('ab'))].sort(), ['ab_e', 'abc']);
    },
  },
  {
    title: 'a prefix of very many ids says that it is cut',
    async run(store) {
      for (let index = 0; index < 40; index += 1) await addSession(store, `many-${index}`, {});
      const { ids, truncated } = await store.resolve('many');
      assert.equal(truncated, true);
      assert.ok(ids.length > 1 && ids.length < 40);
    },
  },
];
