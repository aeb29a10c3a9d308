import type { TailCursor } from '@watchkeeper/tailer';

import type { ChangeItem, SessionRow, SessionVersion } from './store.ts';
import { fromStored } from './stored-message.ts';

/** Columns of a session with its attached source; see {@link sessionRow}. */
export const SESSION_COLUMNS = `
  s.pk, s.id, s.provider, s.parent_id, s.cwd, s.title, s.started_ms, s.updated_ms, s.rev,
  s.last_seq, s.message_count, s.reading, s.deleted, s.source_key, o.cursor, o.size, o.mtime_ns`;

/** Where {@link SESSION_COLUMNS} come from. */
export const SESSION_TABLES = 'sessions AS s LEFT JOIN sources AS o ON o.source_key = s.source_key';

/** A row of {@link SESSION_COLUMNS}. STRICT tables hold these types and no others. */
export interface SessionRecord {
  readonly pk: number;
  readonly id: string;
  readonly provider: string;
  readonly parent_id: string | null;
  readonly cwd: string | null;
  readonly title: string | null;
  readonly started_ms: number | null;
  readonly updated_ms: number;
  readonly rev: number;
  readonly last_seq: number;
  readonly message_count: number;
  readonly reading: number;
  readonly deleted: number;
  readonly source_key: string | null;
  readonly cursor: string | null;
  readonly size: number | null;
  readonly mtime_ns: string | null;
}

/** A row of the messages table as it is read. */
export interface MessageRecord {
  readonly seq: number;
  readonly key: string;
  readonly rev: number;
  readonly reading: number;
  readonly position: string;
  readonly content: string | null;
}

/** Reads a cursor as it was written by the same schema version. */
export function parseCursor(text: string): TailCursor {
  return JSON.parse(text) as TailCursor;
}

/** The version a record tells of. */
export function sessionVersion(record: SessionRecord, epoch: string): SessionVersion {
  const { source_key: path, cursor: text, size, mtime_ns: mtimeNs } = record;
  const attached = path !== null && text !== null && size !== null && mtimeNs !== null;
  const cursor = attached ? parseCursor(text) : null;
  return {
    epoch,
    rev: record.rev,
    messageCount: record.message_count,
    source:
      attached && cursor !== null
        ? { path, size, mtimeNs, offset: cursor.offset, generation: cursor.generation }
        : null,
    deleted: record.deleted === 1,
  };
}

function isoTime(ms: number | null): string | null {
  return ms === null || ms === 0 ? null : new Date(ms).toISOString();
}

/** The session a record tells of. */
export function sessionRow(record: SessionRecord, epoch: string): SessionRow {
  return {
    id: record.id,
    provider: record.provider,
    cwd: record.cwd,
    title: record.title,
    parentId: record.parent_id,
    startedAt: isoTime(record.started_ms),
    updatedAt: isoTime(record.updated_ms),
    version: sessionVersion(record, epoch),
  };
}

/** The change a record tells of; `reading` is the session's own. */
export function changeItem(record: MessageRecord, reading: number): ChangeItem {
  const { seq, rev, key, position, content } = record;
  return content === null
    ? { t: 'del', seq, rev, key }
    : {
        t: 'put',
        seq,
        rev,
        key,
        message: fromStored({ position, content }),
        retained: record.reading < reading,
      };
}
