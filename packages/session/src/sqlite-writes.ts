import type { TailCursor } from '@watchkeeper/tailer';
import type { ParsedMessage } from '@watchkeeper/transcript';

import { gatherFacts, listedMs, NO_FACTS, type SessionFacts } from './session-facts.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { parseTailCursor } from './sqlite-rows.ts';
import type { ApplyResult, IngestBatch, IngestItem } from './store.ts';
import { toStored, type StoredMessage } from './stored-message.ts';

interface SessionState {
  readonly pk: number;
  readonly parentId: string | null;
  readonly rev: number;
  readonly lastSeq: number;
  readonly messageCount: number;
  readonly reading: number;
  readonly sourceKey: string | null;
  readonly deleted: boolean;
  readonly facts: SessionFacts;
  /** Its time in lists; see {@link listedMs}. */
  readonly listedMs: number;
}

/** A row to write, with its JSON made outside the transaction. */
interface PreparedItem {
  readonly item: IngestItem;
  readonly stored: StoredMessage | null;
}

/** What {@link writeItems} did to a session. */
interface Written {
  readonly changed: boolean;
  readonly lastSeq: number;
  readonly messageCount: number;
}

/** Runs one transaction. Nothing of it remains when it throws. */
export function transact<T>(connection: SqliteConnection, write: () => T): T {
  const { db } = connection;
  connection.prepare('BEGIN IMMEDIATE').run();
  try {
    const result = write();
    connection.prepare('COMMIT').run();
    return result;
  } catch (error) {
    // A full disk or an I/O error may have rolled back already.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function sameCursor(stored: TailCursor | null, expected: TailCursor | null): boolean {
  return stored === null || expected === null
    ? stored === expected
    : stored.generation === expected.generation && stored.offset === expected.offset;
}

function readSession(connection: SqliteConnection, id: string): SessionState | null {
  const row = connection.prepare('SELECT * FROM sessions WHERE id = ?').get(id);
  if (row === undefined) return null;
  const text = (name: string): string | null => (row[name] === null ? null : String(row[name]));
  const updatedMs = Number(row['updated_ms']);
  const startedMs = row['started_ms'] === null ? null : Number(row['started_ms']);
  return {
    pk: Number(row['pk']),
    parentId: text('parent_id'),
    rev: Number(row['rev']),
    lastSeq: Number(row['last_seq']),
    messageCount: Number(row['message_count']),
    reading: Number(row['reading']),
    sourceKey: text('source_key'),
    deleted: row['deleted'] === 1,
    facts: {
      cwd: text('cwd'),
      title: text('title'),
      titleRank: Number(row['title_rank']),
      startedMs,
      // Without a first time no record told one, and the column is the transcript's.
      updatedMs: startedMs === null ? null : updatedMs,
    },
    listedMs: updatedMs,
  };
}

function createSession(connection: SqliteConnection, batch: IngestBatch): SessionState {
  const made = connection
    .prepare(
      `INSERT INTO sessions (id, provider, parent_id, title_rank, updated_ms, rev, last_seq, message_count, reading)
       VALUES (?, ?, ?, 0, 0, 0, 0, 0, 0)`,
    )
    .run(batch.sessionId, batch.provider, batch.parentId);
  return {
    pk: Number(made.lastInsertRowid),
    parentId: batch.parentId,
    rev: 0,
    lastSeq: 0,
    messageCount: 0,
    reading: 0,
    sourceKey: null,
    deleted: false,
    facts: NO_FACTS,
    listedMs: 0,
  };
}

/** Writes rows whose content differs; the others only learn that they were seen in this reading. */
function writeItems(
  connection: SqliteConnection,
  session: SessionState,
  items: readonly PreparedItem[],
  reading: number,
): Written {
  const insert = connection.prepare(
    `INSERT INTO messages (session_pk, seq, key, rev, reading, position, content)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (session_pk, key) DO NOTHING`,
  );
  const find = connection.prepare(
    'SELECT rowid, reading, content IS NULL AS gone, content IS ? AS same FROM messages WHERE session_pk = ? AND key = ?',
  );
  const seen = connection.prepare('UPDATE messages SET reading = ? WHERE rowid = ?');
  const update = connection.prepare(
    'UPDATE messages SET rev = ?, reading = ?, position = ?, content = ? WHERE rowid = ?',
  );
  const retract = connection.prepare(
    'UPDATE messages SET rev = ?, reading = ?, content = NULL WHERE rowid = ?',
  );
  const rev = session.rev + 1;
  let { lastSeq, messageCount } = session;
  let changed = false;
  for (const { item, stored } of items) {
    if (stored !== null) {
      const { position, content } = stored;
      const made = insert.run(session.pk, lastSeq + 1, item.key, rev, reading, position, content);
      if (Number(made.changes) === 1) {
        lastSeq += 1;
        messageCount += 1;
        changed = true;
        continue;
      }
    }
    const known = find.get(stored?.content ?? null, session.pk, item.key);
    if (known === undefined) continue;
    const rowid = Number(known['rowid']);
    if (known['same'] === 1) {
      if (Number(known['reading']) < reading) seen.run(reading, rowid);
      continue;
    }
    if (stored === null) retract.run(rev, reading, rowid);
    else update.run(rev, reading, stored.position, stored.content, rowid);
    messageCount += (stored === null ? 0 : 1) - (known['gone'] === 1 ? 0 : 1);
    changed = true;
  }
  return { changed, lastSeq, messageCount };
}

interface KnownSource {
  readonly cursor: TailCursor;
  readonly sessionId: string;
  readonly attached: boolean;
}

function readSource(connection: SqliteConnection, sourceKey: string): KnownSource | null {
  const row = connection
    .prepare(
      `SELECT o.cursor, s.id, s.source_key FROM sources AS o JOIN sessions AS s ON s.pk = o.session_pk
       WHERE o.source_key = ?`,
    )
    .get(sourceKey);
  return row === undefined
    ? null
    : {
        cursor: parseTailCursor(String(row['cursor'])),
        sessionId: String(row['id']),
        attached: row['source_key'] === sourceKey,
      };
}

function storeSource(connection: SqliteConnection, batch: IngestBatch, pk: number): void {
  const { sourceKey, cursor, stat } = batch;
  connection
    .prepare(
      `INSERT INTO sources (source_key, session_pk, cursor, generation, offset, size, mtime_ns)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (source_key) DO UPDATE SET session_pk = excluded.session_pk,
         cursor = excluded.cursor, generation = excluded.generation, offset = excluded.offset,
         size = excluded.size, mtime_ns = excluded.mtime_ns`,
    )
    .run(
      sourceKey,
      pk,
      JSON.stringify(cursor),
      cursor.generation,
      cursor.offset,
      stat.size,
      stat.mtimeNs,
    );
}

/** Makes the JSON of a batch, so that the write lock is not held for it. */
export function prepareItems(batch: IngestBatch): readonly PreparedItem[] {
  return batch.items.map((item) => ({
    item,
    stored: item.message === null ? null : toStored(item.message),
  }));
}

/** Writes one batch; runs inside a transaction. */
export function applyBatch(
  connection: SqliteConnection,
  batch: IngestBatch,
  items: readonly PreparedItem[],
): ApplyResult {
  const stored = readSource(connection, batch.sourceKey);
  const elsewhere = stored !== null && stored.sessionId !== batch.sessionId;
  if (elsewhere && stored.attached) {
    throw new TypeError(
      `batch.sessionId: wanted ${stored.sessionId}, the session of ${batch.sourceKey}, got ${batch.sessionId}`,
    );
  }
  // A detached source may begin anew under another id.
  const source = elsewhere ? null : stored;
  if (!sameCursor(source?.cursor ?? null, batch.expected)) {
    return { status: 'conflict', cursor: source?.cursor ?? null };
  }
  const known = readSession(connection, batch.sessionId);
  if (known?.deleted === true) return { status: 'deleted' };
  if (known !== null && known.sourceKey !== null && known.sourceKey !== batch.sourceKey) {
    return { status: 'occupied', sourceKey: known.sourceKey };
  }
  const session = known ?? createSession(connection, batch);
  // A rewrite, or another file that takes the session over, starts a new reading.
  const reread = batch.restarted || (known !== null && source === null);
  const reading = session.reading + (reread ? 1 : 0);
  const written = writeItems(connection, session, items, reading);
  const adopted = session.parentId === null && batch.parentId !== null;
  const changed = known === null || written.changed || adopted;
  const rev = session.rev + (changed ? 1 : 0);
  const messages = items
    .map(({ item }) => item.message)
    .filter((message): message is ParsedMessage => message !== null);
  const facts = written.changed ? gatherFacts(session.facts, messages) : session.facts;
  connection
    .prepare(
      `UPDATE sessions SET parent_id = ?, cwd = ?, title = ?, title_rank = ?, started_ms = ?, updated_ms = ?,
         rev = ?, last_seq = ?, message_count = ?, reading = ?, source_key = ? WHERE pk = ?`,
    )
    .run(
      session.parentId ?? batch.parentId,
      facts.cwd,
      facts.title,
      facts.titleRank,
      facts.startedMs,
      listedMs(facts, batch.stat.mtimeNs, session.listedMs),
      rev,
      written.lastSeq,
      written.messageCount,
      reading,
      batch.sourceKey,
      session.pk,
    );
  storeSource(connection, batch, session.pk);
  return { status: 'applied', changed, rev };
}

/** Frees a session from its source; runs inside a transaction. */
export function detachSource(connection: SqliteConnection, sourceKey: string): boolean {
  const done = connection
    .prepare('UPDATE sessions SET source_key = NULL WHERE source_key = ?')
    .run(sourceKey);
  return Number(done.changes) > 0;
}

/** Sets the tombstone of a session; runs inside a transaction. Returns its revision, or `null` when there is nothing to delete. */
export function burySession(connection: SqliteConnection, id: string): number | null {
  const row = connection
    .prepare(
      `UPDATE sessions SET deleted = 1, rev = rev + 1, message_count = 0, source_key = NULL, title = NULL,
         title_rank = 0, cwd = NULL WHERE id = ? AND deleted = 0 RETURNING rev`,
    )
    .get(id);
  return row === undefined ? null : Number(row['rev']);
}

/** Removes some rows of a deleted session; runs inside a transaction. Returns whether any may be left. */
export function purgeRows(connection: SqliteConnection, id: string, most: number): boolean {
  const done = connection
    .prepare(
      `DELETE FROM messages WHERE rowid IN (
         SELECT m.rowid FROM messages AS m JOIN sessions AS s ON s.pk = m.session_pk
         WHERE s.id = ? AND s.deleted = 1 LIMIT ?)`,
    )
    .run(id, most);
  return Number(done.changes) === most;
}
