import type { TailCursor } from '@watchkeeper/tailer';
import type { ParsedMessage } from '@watchkeeper/transcript';

/** Where the transcript of a session stood when its rows were last written. */
export interface SourceState {
  /** Absolute path of the transcript. */
  readonly path: string;
  /** Size in bytes as it was stat'd by the sync that wrote the rows. */
  readonly size: number;
  /** Modification time in nanoseconds, as a decimal string. */
  readonly mtimeNs: string;
  /** Committed byte offset: everything before it is in the store. */
  readonly offset: number;
  /** Generation of the file. */
  readonly generation: number;
}

/** What a session is at one moment; `rev` only grows within an epoch. */
export interface SessionVersion {
  /** Identifies the database; a different epoch means that everything must be reloaded. */
  readonly epoch: string;
  /** Grows by one with every transaction that changes this session. */
  readonly rev: number;
  /** Rows that are not deleted. */
  readonly messageCount: number;
  /** Where its source stood at the last sync, or `null` when the source is gone. */
  readonly source: SourceState | null;
  /** The session was deleted by a user; it will not come back by itself. */
  readonly deleted: boolean;
}

/** A position in a session's changes. Its text form is `epoch.rev.seq`. */
export interface ChangeCursor {
  /** The database it belongs to. */
  readonly epoch: string;
  /** Revision of the last row that was read. */
  readonly rev: number;
  /** Place of the last row that was read. */
  readonly seq: number;
}

/** A message that is new or changed. */
export interface PutItem {
  /** Tells it from a {@link DelItem}. */
  readonly t: 'put';
  /** Place of the row in its session, from 1: the order in which keys came first. Never changes. */
  readonly seq: number;
  /** Revision of the session in which the row changed last. */
  readonly rev: number;
  /** Unique within the session. */
  readonly key: string;
  /** The message. */
  readonly message: ParsedMessage;
  /**
   * The transcript was rewritten and no longer holds this message: the store kept it. Known when the
   * row is read; it turns without a new revision, so a reader that wants it current reads the window again.
   */
  readonly retained: boolean;
}

/** A message that was taken back. */
export interface DelItem {
  /** Tells it from a {@link PutItem}. */
  readonly t: 'del';
  /** Place of the row in its session. */
  readonly seq: number;
  /** Revision of the session in which the row was taken back. */
  readonly rev: number;
  /** Unique within the session. */
  readonly key: string;
}

/** One row that changed. Order within a session is (`rev`, `seq`). */
export type ChangeItem = PutItem | DelItem;

/** One page of changes. */
export interface ChangePage {
  /** Changed rows, oldest change first. */
  readonly items: readonly ChangeItem[];
  /** Ask again with it; equals the given cursor when nothing came. */
  readonly next: ChangeCursor;
  /** More is waiting. */
  readonly more: boolean;
  /** The given cursor is of another epoch or from the future: this page starts from the beginning. */
  readonly reset: boolean;
}

/** One session as it is listed. */
export interface SessionRow {
  /** The stem of the transcript's file name. */
  readonly id: string;
  /** Which agent wrote it, a transcript provider's id (`claude-code`). */
  readonly provider: string;
  /** The working directory the agent reported, or `null`. */
  readonly cwd: string | null;
  /** A title: the agent's own, else the first prompt cut to one line, else `null`. */
  readonly title: string | null;
  /** The session that spawned this one, or `null`. */
  readonly parentId: string | null;
  /** ISO time of the first record that carries one, or `null`. */
  readonly startedAt: string | null;
  /** ISO time of the newest record that carries one; when none does, of the transcript's last change; or `null`. */
  readonly updatedAt: string | null;
  /** Its version. */
  readonly version: SessionVersion;
}

/** Which sessions to list; all conditions must hold. */
export interface SessionFilter {
  /** Only this agent. */
  readonly provider?: string;
  /** Only sessions whose working directory is this one. */
  readonly cwd?: string;
  /** Only children of this session. */
  readonly parentId?: string;
  /** List deleted sessions too. @defaultValue `false` */
  readonly deleted?: boolean;
}

/** Which page of a list. */
export interface PageRequest {
  /** Rows per page, 1 to 1000. @defaultValue `100` */
  readonly limit?: number;
  /** The `next` of the page before. */
  readonly after?: string;
}

/** One page of a list. */
export interface Page<T> {
  /** What is on this page. */
  readonly items: readonly T[];
  /** Ask again with it, or `null` at the end. */
  readonly next: string | null;
}

/** One message to write. */
export interface IngestItem {
  /** Unique within the session: the record's uuid where it has one, else generation and line. */
  readonly key: string;
  /** The message, or `null` to take back the row of this key; an unknown key is then ignored. */
  readonly message: ParsedMessage | null;
}

/** Size and modification time of a transcript. */
export interface SourceStamp {
  /** Size in bytes. */
  readonly size: number;
  /** Modification time in nanoseconds, as a decimal string. */
  readonly mtimeNs: string;
}

/** What is stored of one transcript. */
export interface StoredSource {
  /** The session its messages went to. */
  readonly sessionId: string;
  /** Where to go on. */
  readonly cursor: TailCursor;
  /** Its stat as the last sync saw it. */
  readonly stat: SourceStamp;
  /** The session reads from it now; `false` once it was detached or another source took over. */
  readonly attached: boolean;
  /** The session was deleted by a user. */
  readonly deleted: boolean;
}

/** What one transaction writes: messages of one session and the byte cursor that covers them. */
export interface IngestBatch {
  /** The session the messages belong to; made when it is not there yet. */
  readonly sessionId: string;
  /** Which agent wrote them, a transcript provider's id. */
  readonly provider: string;
  /** The session that spawned this one, or `null`. */
  readonly parentId: string | null;
  /** Identifies the source: its absolute path. An attached source keeps its session; a detached one may begin anew under another id. */
  readonly sourceKey: string;
  /** The stored cursor this batch continues from; `null` for a source that is not stored yet. */
  readonly expected: TailCursor | null;
  /** The cursor after the batch. */
  readonly cursor: TailCursor;
  /** The source's stat as the sync saw it. */
  readonly stat: SourceStamp;
  /** Messages in file order; may be empty. A key that comes twice keeps its last content. */
  readonly items: readonly IngestItem[];
  /** The file was rewritten: rows of older generations that do not come again are kept and marked retained. */
  readonly restarted: boolean;
}

/** What became of an {@link IngestBatch}. */
export type ApplyResult =
  | { readonly status: 'applied'; readonly changed: boolean; readonly rev: number }
  /** Another writer was first: continue from its cursor. */
  | { readonly status: 'conflict'; readonly cursor: TailCursor | null }
  /** The session was deleted by a user; nothing was written. */
  | { readonly status: 'deleted' }
  /** Another source is attached to the session; nothing was written. Detach it first, or write under another id. */
  | { readonly status: 'occupied'; readonly sourceKey: string };

/** Something committed; may be lossy, never the only signal. */
export type StoreHint = { readonly sessionId: string; readonly rev: number } | 'unknown';

/**
 * A database of sessions. One writer at a time per session is enforced by compare-and-set on the
 * stored cursor, so several processes may sync into one store.
 */
export interface SessionStore {
  /** Which implementation. */
  readonly kind: string;
  /** Whether this handle may write. */
  readonly writable: boolean;
  /** Finds sessions by whole id or unique prefix. `truncated`: more than the listed ids match. */
  resolve(
    idOrPrefix: string,
  ): Promise<{ readonly ids: readonly string[]; readonly truncated: boolean }>;
  /** One session, or `null`. */
  get(id: string): Promise<SessionRow | null>;
  /** Sessions, newest activity first. */
  list(filter?: SessionFilter, page?: PageRequest): Promise<Page<SessionRow>>;
  /** Versions of several sessions in one query; unknown ids are left out. */
  versions(ids: readonly string[]): Promise<Map<string, SessionVersion>>;
  /** Changes after a cursor, oldest first; `null` starts at the beginning. */
  changes(
    id: string,
    after: ChangeCursor | null,
    limit?: { readonly items?: number; readonly bytes?: number },
  ): Promise<ChangePage>;
  /** Messages in file order, for reading: newest first with `dir: 'desc'`. `from` is a `seq`, exclusive. */
  window(
    id: string,
    query?: { readonly from?: number; readonly limit?: number; readonly dir?: 'asc' | 'desc' },
  ): Promise<readonly ChangeItem[]>;
  /** The stored cursor of a source, or `null`. */
  sourceCursor(sourceKey: string): Promise<TailCursor | null>;
  /** What is stored of a source, or `null`. */
  source(sourceKey: string): Promise<StoredSource | null>;
  /**
   * Writes one batch in one transaction, or nothing: compares the stored cursor (generation and
   * offset) with `expected`, writes rows whose content differs, raises the session's `rev` once if
   * any did, and stores cursor and stat. Repeated rows and pure cursor moves leave `rev` alone.
   */
  apply(batch: IngestBatch): Promise<ApplyResult>;
  /**
   * Tells that a source is gone: the session stays readable with `source: null`, the cursor is kept
   * in case the file comes back. Leaves `rev` alone. Returns false when it was not attached.
   */
  detach(sourceKey: string): Promise<boolean>;
  /** Deletes a session: rows go, a tombstone stays. Returns false for an unknown id. */
  delete(id: string): Promise<boolean>;
  /** A cheap token that differs once anything may have changed, also by another process. */
  gate(): Promise<string>;
  /** Adds a listener for commits of this process; the returned function removes it. */
  onHint(listener: (hint: StoreHint) => void): () => void;
  /** Closes every connection. */
  close(): Promise<void>;
}
