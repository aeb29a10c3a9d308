import type { TailCursor } from '@watchkeeper/tailer';

import type { ChangeItem, SessionRow, SessionVersion, SourceState } from './store.ts';
import { fromStored } from './stored-message.ts';

/** Columns that make a version; see {@link sessionVersion}. */
export const VERSION_COLUMNS =
  's.id, s.rev, s.message_count, s.deleted, s.source_key, o.generation, o.offset, o.size, o.mtime_ns';

/** Columns of a session with its version; see {@link sessionRow}. */
export const SESSION_COLUMNS: string = `${VERSION_COLUMNS},
  s.pk, s.provider, s.parent_id, s.cwd, s.title, s.started_ms, s.updated_ms, s.reading`;

/** Where {@link SESSION_COLUMNS} come from. */
export const SESSION_TABLES = 'sessions AS s LEFT JOIN sources AS o ON o.source_key = s.source_key';

/** A row of {@link VERSION_COLUMNS}. STRICT tables hold these types and no others. */
export interface VersionRecord {
  readonly id: string;
  readonly rev: number;
  readonly message_count: number;
  readonly deleted: number;
  readonly source_key: string | null;
  readonly generation: number | null;
  readonly offset: number | null;
  readonly size: number | null;
  readonly mtime_ns: string | null;
}

/** A row of {@link SESSION_COLUMNS}. */
export interface SessionRecord extends VersionRecord {
  readonly pk: number;
  readonly provider: string;
  readonly parent_id: string | null;
  readonly cwd: string | null;
  readonly title: string | null;
  readonly started_ms: number | null;
  readonly updated_ms: number;
  readonly reading: number;
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
export function parseTailCursor(text: string): TailCursor {
  return JSON.parse(text) as TailCursor;
}

/** The version a record tells of. */
export function sessionVersion(record: VersionRecord, epoch: string): SessionVersion {
  return {
    epoch,
    rev: record.rev,
    messageCount: record.message_count,
    source: sourceState(record),
    deleted: record.deleted === 1,
  };
}

function sourceState(record: VersionRecord): SourceState | null {
  const { source_key: path, generation, offset, size, mtime_ns: mtimeNs } = record;
  return path === null ||
    generation === null ||
    offset === null ||
    size === null ||
    mtimeNs === null
    ? null
    : { path, size, mtimeNs, offset, generation };
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
