import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { createManualClock } from '@watchkeeper/core/testing';
import { BUSY_TIMEOUT_MS, createSqliteStore, isStoreError } from '@watchkeeper/session';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { APPLICATION_ID, SCHEMA_VERSION } from '../src/sqlite-schema.ts';
import { cursorAt, ingestBatch, promptItems } from '../src/testing/fixtures.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'watchkeeper-sqlite-'));
  path = join(directory, 'sessions.db');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isStoreError(error) && error.remedy !== '') return error.code;
    throw error;
  }
  return 'none';
}

describe('a database file', () => {
  it('is made for its owner only, with its directory', async () => {
    const deep = join(directory, 'a', 'b', 'sessions.db');
    const store = createSqliteStore({ path: deep });
    await store.apply(ingestBatch(1, { expected: null, items: promptItems(0, 1) }));
    const modes = [];
    for (const name of ['', 'sessions.db', 'sessions.db-wal']) {
      modes.push((await stat(join(directory, 'a', 'b', name))).mode & 0o777);
    }
    await store.close();
    expect(modes).toEqual([0o700, 0o600, 0o600]);
  });

  it('keeps everything, its epoch included, from one opening to the next', async () => {
    const first = createSqliteStore({ path });
    await first.apply(ingestBatch(2, { expected: null, items: promptItems(0, 2) }));
    const before = await first.get('session-a');
    await first.close();
    const second = createSqliteStore({ path });
    expect(await second.get('session-a')).toEqual(before);
    await second.close();
  });

  it('has another epoch after it was made anew', async () => {
    const epochs = new Set<string>();
    for (let round = 0; round < 2; round += 1) {
      const store = createSqliteStore({ path });
      await store.apply(ingestBatch(1, { expected: null, items: promptItems(0, 1) }));
      epochs.add((await store.get('session-a'))?.version.epoch ?? '');
      await store.close();
      for (const suffix of ['', '-wal', '-shm']) await rm(path + suffix, { force: true });
    }
    expect(epochs.size).toBe(2);
  });

  it('is removed to the last row when a crash cut a deletion short', async () => {
    const store = createSqliteStore({ path });
    await store.apply(ingestBatch(9, { expected: null, items: promptItems(0, 9) }));
    await store.close();
    const db = new DatabaseSync(path);
    db.exec('UPDATE sessions SET deleted = 1');
    db.close();
    await createSqliteStore({ path }).close();
    const left = new DatabaseSync(path, { readOnly: true });
    expect(left.prepare('SELECT count(*) AS n FROM messages').get()).toEqual({ n: 0 });
    left.close();
  });

  it('may be made by several processes at once', async () => {
    const stores = [1, 2, 3].map(() => createSqliteStore({ path }));
    const results = await Promise.all(
      stores.map((store, index) =>
        store.apply(
          ingestBatch(1, {
            sessionId: `s${index}`,
            sourceKey: `/s${index}`,
            expected: null,
            items: promptItems(0, 1),
          }),
        ),
      ),
    );
    expect(results.map((result) => result.status)).toEqual(['applied', 'applied', 'applied']);
    for (const store of stores) await store.close();
  });
});

describe('a database that cannot be used', () => {
  it('is refused with a code and a remedy when it is damaged', async () => {
    await writeFile(path, 'this is no database '.repeat(500));
    expect(codeOf(() => createSqliteStore({ path }))).toBe('ERR_STORE_CORRUPT');
  });

  it('is refused when another application made it', () => {
    const db = new DatabaseSync(path);
    db.exec('CREATE TABLE theirs (x)');
    db.close();
    expect(codeOf(() => createSqliteStore({ path }))).toBe('ERR_STORE_FOREIGN');
  });

  it('is refused when a later version made it', () => {
    const db = new DatabaseSync(path);
    db.exec(
      `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION + 1}`,
    );
    db.close();
    expect(codeOf(() => createSqliteStore({ path }))).toBe('ERR_STORE_NEWER');
    expect(codeOf(() => createSqliteStore({ path, readOnly: true }))).toBe('ERR_STORE_NEWER');
  });

  it('is refused when a directory is in its place', async () => {
    await mkdir(path);
    expect(codeOf(() => createSqliteStore({ path }))).toBe('ERR_STORE_UNWRITABLE');
  });

  it('is refused where this user may not write', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may write everywhere');
    await chmod(directory, 0o500);
    expect(codeOf(() => createSqliteStore({ path }))).toBe('ERR_STORE_UNWRITABLE');
    await chmod(directory, 0o700);
  });

  it('is refused for a path that leads through a file', async () => {
    await writeFile(join(directory, 'file'), '');
    const below = join(directory, 'file', 'sessions.db');
    expect(codeOf(() => createSqliteStore({ path: below }))).toBe('ERR_STORE_UNWRITABLE');
  });

  it.each([
    ['path', { path: '' }],
    ['readOnly', { path: ':memory:', readOnly: true }],
  ])('is refused by the name of the option %s', (name, options) => {
    expect(() => createSqliteStore(options)).toThrow(new RegExp(`^${name}: wanted`, 'u'));
  });
});

describe('a store for reading', () => {
  it('needs a database, sees what others write, and writes nothing', async () => {
    const open = (): ReturnType<typeof createSqliteStore> =>
      createSqliteStore({ path, readOnly: true });
    expect(codeOf(open)).toBe('ERR_STORE_NOT_FOUND');
    await writeFile(path, '');
    expect(codeOf(open)).toBe('ERR_STORE_NOT_FOUND');
    const writer = createSqliteStore({ path });
    const reader = open();
    expect(reader.writable).toBe(false);
    const before = await reader.gate();
    await writer.apply(ingestBatch(1, { expected: null, items: promptItems(0, 1) }));
    expect(await reader.gate()).not.toBe(before);
    expect((await reader.get('session-a'))?.version.messageCount).toBe(1);
    const batch = ingestBatch(2, { expected: cursorAt(1), items: [] });
    await expect(reader.apply(batch)).rejects.toMatchObject({ code: 'ERR_STORE_READ_ONLY' });
    await reader.close();
    await writer.close();
  });
});

describe('a lock held by another process', () => {
  it('is waited for without holding the event loop, then reported as busy', async () => {
    const clock = createManualClock();
    const store = createSqliteStore({ path, clock });
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const batch = ingestBatch(1, { expected: null, items: promptItems(0, 1) });
    const failed = store.apply(batch).catch((error: unknown) => error);
    await clock.advance(BUSY_TIMEOUT_MS + 100);
    expect(await failed).toMatchObject({ code: 'ERR_STORE_BUSY', retryable: true });
    const waiting = store.apply(batch);
    await clock.advance(1000);
    other.exec('ROLLBACK');
    other.close();
    await clock.advance(100);
    expect((await waiting).status).toBe('applied');
    await store.close();
  });
});

describe('a hint listener that throws', () => {
  it('does not undo the write nor keep the others from hearing', async () => {
    const store = createSqliteStore({ path });
    const warned = new Promise((heard) => process.once('warning', heard));
    let heard = 0;
    store.onHint(() => {
      throw new Error('a listener failed');
    });
    store.onHint(() => {
      heard += 1;
    });
    const result = await store.apply(ingestBatch(1, { expected: null, items: promptItems(0, 1) }));
    expect(result.status).toBe('applied');
    expect(heard).toBe(1);
    expect(await warned).toMatchObject({ message: 'a listener failed' });
    await store.close();
  });
});
