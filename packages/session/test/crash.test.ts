import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

import { type ChangeItem, createSessionSync, createSqliteStore } from '@watchkeeper/session';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  createTranscripts,
  itemsOf,
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

/** A stored row, as far as it is known from the line it was made of. */
interface Row {
  readonly key: string;
  readonly text: string;
  readonly lineIndex: number;
}

/** What a line has to become. Only a line without a uuid gets another key when it is counted twice. */
function rowOf(lineIndex: number): Row {
  const key = hasUuid(lineIndex) ? `u${lineIndex}` : `L0:${lineIndex}.0`;
  return { key, text: `${'x'.repeat(lineIndex % 700)} ${lineIndex}`, lineIndex };
}

function hasUuid(lineIndex: number): boolean {
  return lineIndex % 3 === 0;
}

function storedRow(item: ChangeItem): Row {
  if (item.t === 'del' || item.message.kind !== 'user-prompt') {
    throw new Error(`the row ${item.key} is no prompt`);
  }
  return { key: item.key, text: item.message.text, lineIndex: item.message.lineIndex };
}

/** Appends lines in pieces that end anywhere, as an agent's writes may be seen. */
function createWriter(path: string): { write: () => void; finish: () => number } {
  let next = 0;
  let rest = '';
  return {
    write() {
      const { key, text } = rowOf(next);
      rest += promptLine(hasUuid(next) ? key : null, text);
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

/** One life: starts a sync, and kills it some time after it said `word`. Returns what it said. */
async function liveAndDie(word: 'open' | 'wrote', afterMs: number): Promise<string> {
  const child = join(import.meta.dirname, 'children', 'sync-for-ever.ts');
  const run = spawn(
    process.execPath,
    ['--conditions=@watchkeeper/source', child, files.database, files.root],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const closed = once(run, 'close');
  const heard = Promise.withResolvers<void>();
  let said = '';
  run.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.includes(word)) heard.resolve();
  });
  await Promise.race([heard.promise, closed]);
  await delay(afterMs);
  run.kill('SIGKILL');
  const [, signal] = (await closed) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return said;
}

describe('a sync that is killed at any moment', () => {
  it(
    'fifty times, two at a time, while lines are appended, stores every line exactly once',
    { timeout: 180_000 },
    async () => {
      await files.write('p/s.jsonl', '');
      await files.write('p/other.jsonl', promptLines(0, 300));
      const writer = createWriter(files.path('p/s.jsonl'));
      const appending = setInterval(() => writer.write(), 1);
      let kills = 0;
      let productive = 0;
      // Half of the lives end while they start and read, the other half while they write.
      const lane = async (): Promise<void> => {
        while (kills < KILLS) {
          kills += 1;
          const moment = (kills * 37) % 100;
          const said = await (kills % 2 === 0
            ? liveAndDie('open', 20 + moment)
            : liveAndDie('wrote', moment / 2));
          if (said.includes('wrote')) productive += 1;
        }
      };
      try {
        await Promise.all([lane(), lane()]);
      } finally {
        clearInterval(appending);
      }
      // Kills that all came before the first write would show nothing.
      expect(productive).toBeGreaterThanOrEqual(KILLS / 2);
      const lines = writer.finish();

      const store = createSqliteStore({ path: files.database });
      const sync = createSessionSync({ store, roots: [files.root] });
      await sync.start();
      await sync.close();
      const items = await itemsOf(store, 's');
      const version = (await store.get('s'))?.version;
      await store.close();
      expect(items.map(storedRow)).toEqual(Array.from({ length: lines }, (_, line) => rowOf(line)));
      expect(version).toMatchObject({ messageCount: lines, source: { generation: 0 } });
      const revisions = new Set(items.map((item) => item.rev));
      expect(revisions.size).toBe(version?.rev);

      const db = new DatabaseSync(files.database, { readOnly: true });
      expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
      db.close();
    },
  );
});
