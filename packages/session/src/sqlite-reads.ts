import type { SqliteConnection } from './sqlite-connection.ts';
import { formatPlace, parsePlace } from './page-token.ts';
import {
  changeItem,
  parseTailCursor,
  SESSION_COLUMNS,
  SESSION_TABLES,
  sessionRow,
  sessionVersion,
  type MessageRecord,
  VERSION_COLUMNS,
  type SessionRecord,
  type VersionRecord,
} from './sqlite-rows.ts';
import type {
  ChangeCursor,
  ChangeItem,
  ChangePage,
  Page,
  PageRequest,
  SessionFilter,
  SessionRow,
  SessionVersion,
  StoredSource,
} from './store.ts';

/** Most ids that `resolve` lists: enough to show what an ambiguous prefix could mean. */
const RESOLVE_LIMIT = 10;

/** Rows of a page of changes unless told otherwise: one frame of a live stream. */
const CHANGES_ITEMS = 200;

/** Size of a page of changes unless told otherwise, in UTF-16 units of stored JSON: one frame of a live stream. */
const CHANGES_BYTES = 256 * 1024;

/** Most rows of one page of any kind. */
const MAX_PAGE = 1000;

const MESSAGE_COLUMNS = 'seq, key, rev, reading, position, content';

/** A page size within its bounds. @throws TypeError when it is no positive integer. */
function pageSize(name: string, wanted: number | undefined, fallback: number): number {
  if (wanted === undefined) return fallback;
  if (!Number.isSafeInteger(wanted) || wanted < 1) {
    throw new TypeError(`${name}: wanted an integer of 1 or more, got ${wanted}`);
  }
  return Math.min(wanted, MAX_PAGE);
}

/** The session of an id, or `undefined`. */
export function findSession(connection: SqliteConnection, id: string): SessionRecord | undefined {
  return connection
    .prepare(`SELECT ${SESSION_COLUMNS} FROM ${SESSION_TABLES} WHERE s.id = ?`)
    .get(id) as SessionRecord | undefined;
}

/** The id itself when it is known, else the ids that start with it. */
export function resolveId(
  connection: SqliteConnection,
  idOrPrefix: string,
): { readonly ids: readonly string[]; readonly truncated: boolean } {
  if (findSession(connection, idOrPrefix) !== undefined) {
    return { ids: [idOrPrefix], truncated: false };
  }
  if (idOrPrefix === '') return { ids: [], truncated: false };
  const rows = connection
    .prepare(
      'SELECT id FROM sessions WHERE id >= ?1 AND substr(id, 1, length(?1)) = ?1 AND deleted = 0 ORDER BY id LIMIT ?2',
    )
    .all(idOrPrefix, RESOLVE_LIMIT + 1);
  const ids = rows.slice(0, RESOLVE_LIMIT).map((row) => String(row['id']));
  return { ids, truncated: rows.length > RESOLVE_LIMIT };
}

/** Sessions, newest activity first. */
export function listSessions(
  connection: SqliteConnection,
  epoch: string,
  filter: SessionFilter,
  page: PageRequest,
): Page<SessionRow> {
  const limit = pageSize('page.limit', page.limit, 100);
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const must = (condition: string, ...bound: (string | number)[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };
  if (filter.deleted !== true) must('s.deleted = 0');
  if (filter.provider !== undefined) must('s.provider = ?', filter.provider);
  if (filter.cwd !== undefined) must('s.cwd = ?', filter.cwd);
  if (filter.parentId !== undefined) must('s.parent_id = ?', filter.parentId);
  if (page.after !== undefined) {
    const place = parsePlace(page.after);
    must('(s.updated_ms, s.id) < (?, ?)', place.updatedMs, place.id);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const records = connection
    .prepare(
      `SELECT ${SESSION_COLUMNS} FROM ${SESSION_TABLES} ${where} ORDER BY s.updated_ms DESC, s.id DESC LIMIT ?`,
    )
    .all(...values, limit + 1) as unknown[] as SessionRecord[];
  const shown = records.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map((record) => sessionRow(record, epoch)),
    next:
      records.length > limit && last !== undefined
        ? formatPlace({ updatedMs: last.updated_ms, id: last.id })
        : null,
  };
}

/** Versions of several sessions. */
export function sessionVersions(
  connection: SqliteConnection,
  epoch: string,
  ids: readonly string[],
): Map<string, SessionVersion> {
  const records = connection
    .prepare(
      `SELECT ${VERSION_COLUMNS} FROM ${SESSION_TABLES} WHERE s.id IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(ids)) as unknown[] as VersionRecord[];
  return new Map(records.map((record) => [record.id, sessionVersion(record, epoch)]));
}

/** One page of changes after a cursor. */
export function readChanges(
  connection: SqliteConnection,
  epoch: string,
  id: string,
  after: ChangeCursor | null,
  limit: { readonly items?: number; readonly bytes?: number },
): ChangePage {
  const most = pageSize('limit.items', limit.items, CHANGES_ITEMS);
  const bytes = limit.bytes ?? CHANGES_BYTES;
  const start: ChangeCursor = { epoch, rev: 0, seq: 0 };
  const session = findSession(connection, id);
  const reset = after !== null && (after.epoch !== epoch || after.rev > (session?.rev ?? 0));
  const from = after === null || reset ? start : after;
  // The rows of a deleted session may still be on their way out.
  if (session === undefined || session.deleted === 1) {
    return { items: [], next: from, more: false, reset };
  }
  const rows: Iterable<unknown> = connection
    .prepare(
      `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE session_pk = ? AND (rev, seq) > (?, ?) ORDER BY rev, seq LIMIT ?`,
    )
    .iterate(session.pk, from.rev, from.seq, most + 1);
  const items: ChangeItem[] = [];
  let size = 0;
  let more = false;
  for (const row of rows) {
    const record = row as MessageRecord;
    size += record.position.length + (record.content?.length ?? 0);
    // One item always fits, else a reader would never get past a large message.
    more = items.length === most || (items.length > 0 && size > bytes);
    if (more) break;
    items.push(changeItem(record, session.reading));
  }
  const last = items.at(-1);
  const next = last === undefined ? from : { epoch, rev: last.rev, seq: last.seq };
  return { items, next, more, reset };
}

/** Messages by their place in the session. */
export function readWindow(
  connection: SqliteConnection,
  id: string,
  query: { readonly from?: number; readonly limit?: number; readonly dir?: 'asc' | 'desc' },
): readonly ChangeItem[] {
  const session = findSession(connection, id);
  if (session === undefined || session.deleted === 1) return [];
  const limit = pageSize('query.limit', query.limit, 100);
  const descending = query.dir === 'desc';
  const from = query.from ?? (descending ? Number.MAX_SAFE_INTEGER : 0);
  const order = descending
    ? 'seq < ? AND content IS NOT NULL ORDER BY seq DESC'
    : 'seq > ? AND content IS NOT NULL ORDER BY seq';
  const records = connection
    .prepare(`SELECT ${MESSAGE_COLUMNS} FROM messages WHERE session_pk = ? AND ${order} LIMIT ?`)
    .all(session.pk, from, limit) as unknown[] as MessageRecord[];
  return records.map((record) => changeItem(record, session.reading));
}

/** What is stored of a source. */
export function findSource(connection: SqliteConnection, sourceKey: string): StoredSource | null {
  const row = connection
    .prepare(
      `SELECT s.id, s.deleted, s.source_key, o.cursor, o.size, o.mtime_ns
       FROM sources AS o JOIN sessions AS s ON s.pk = o.session_pk WHERE o.source_key = ?`,
    )
    .get(sourceKey);
  if (row === undefined) return null;
  return {
    sessionId: String(row['id']),
    cursor: parseTailCursor(String(row['cursor'])),
    stat: { size: Number(row['size']), mtimeNs: String(row['mtime_ns']) },
    attached: row['source_key'] === sourceKey,
    deleted: row['deleted'] === 1,
  };
}
