import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

import { createSessionSync, createSqliteStore } from '@watchkeeper/session';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  createTranscripts,
  itemsOf,
  keys,
  promptLine,
  promptLines,
  type Transcripts,
} from './transcript-files.ts';

const KILLS = 50;

let files: Transcripts;

beforeEach(async () => {
  files = await createTranscripts();
});

afterEach(() => files.dispose());

/** Appends lines in pieces that end anywhere, as an agent's writes may be seen. */
function createWriter(path: string): { write: () => void; finish: () => number } {
  let next = 0;
  let rest = '';
  return {
    write() {
      rest += promptLine(`u${next}`, `${'x'.repeat(next % 700)} ${next}`);
      next += 1;
      const cut = (next * 7919) % (rest.length + 1);
      appendFileSync(path, rest.slice(0, cut));
      rest = rest.slice(cut);
    },
    finish() {
      appendFileSync(path, rest);
      return next;
    },
  };
}

describe('a sync that is killed at any moment', () => {
  it(
    `${KILLS} times, while lines are appended, stores every line exactly once`,
    { timeout: 120_000 },
    async () => {
      await files.write('p/s.jsonl', '');
      // Kept small: most of each child's short life is to be spent reading and writing.
      await files.write('p/other.jsonl', promptLines(0, 300));
      const writer = createWriter(files.path('p/s.jsonl'));
      const child = join(import.meta.dirname, 'children', 'sync-for-ever.ts');
      const appending = setInterval(() => writer.write(), 1);
      let productive = 0;
      let stored = 0;
      try {
        for (let kill = 0; kill < KILLS; kill += 1) {
          const run = spawn(
            process.execPath,
            ['--conditions=@watchkeeper/source', child, files.database, files.root],
            { stdio: ['ignore', 'pipe', 'inherit'] },
          );
          const closed = once(run, 'close');
          await once(run.stdout, 'data');
          await delay(20 + ((kill * 37) % 100));
          run.kill('SIGKILL');
          const [, signal] = (await closed) as [number | null, string | null];
          expect(signal).toBe('SIGKILL');
          const now = countRows(files.database);
          if (now > stored) productive += 1;
          stored = now;
        }
      } finally {
        clearInterval(appending);
      }
      const lines = writer.finish();
      // Kills that all came before the first write would show nothing.
      expect(productive).toBeGreaterThan(KILLS / 5);

      const store = createSqliteStore({ path: files.database });
      const sync = createSessionSync({ store, roots: [files.root] });
      await sync.start();
      await sync.close();
      const items = await itemsOf(store, 's');
      const version = (await store.get('s'))?.version;
      await store.close();
      expect(items.map((item) => item.key)).toEqual(keys(0, lines));
      expect(items.map((item) => (item.t === 'put' ? item.message.lineIndex : -1))).toEqual(
        Array.from({ length: lines }, (_, index) => index),
      );
      expect(version).toMatchObject({ messageCount: lines, source: { generation: 0 } });
      const revisions = new Set(items.map((item) => item.rev));
      expect(revisions.size).toBe(version?.rev);

      const db = new DatabaseSync(files.database, { readOnly: true });
      expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
      db.close();
    },
  );
});

function countRows(path: string): number {
  const db = new DatabaseSync(path, { readOnly: true });
  const row = db.prepare('SELECT count(*) AS n FROM messages').get();
  db.close();
  return Number(row?.['n']);
}
