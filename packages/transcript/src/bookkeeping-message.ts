import type { MessageBase } from './message-base.ts';

/** The agent saved the state of files, to be able to go back. */
export interface FileHistorySnapshotMessage extends MessageBase<'file-history-snapshot'> {
  /** The message it belongs to; empty when the record has none. */
  readonly messageId: string;
  /** It replaces an earlier snapshot of the same message. */
  readonly isUpdate: boolean;
  /** How many files it covers. */
  readonly trackedFiles: number;
  /** It adds to an earlier snapshot. */
  readonly delta: boolean;
}

/** The queue of prompts changed. */
export interface QueueOperationMessage extends MessageBase<'queue-operation'> {
  /** What was done (`enqueue`, `dequeue`, `remove`, `popAll`); empty when the record has none. */
  readonly operation: string;
  /** The prompt's words, or `null`. */
  readonly text: string | null;
}

/** Something the agent's program put before the model. */
export interface AttachmentMessage extends MessageBase<'attachment'> {
  /** Which attachment; empty when the record has none. */
  readonly attachmentType: string;
  /** A prompt that a person typed while a tool was running, else `null`. */
  readonly prompt: string | null;
}

/** One fact about the session: a title, a mode, a link. */
export interface SessionMetaMessage extends MessageBase<'session-meta'> {
  /** Which fact: the record's own type (`ai-title`, `summary`, `permission-mode`). */
  readonly field: string;
  /** Its value, or `null`. */
  readonly value: string | null;
}

/** Valid JSON of a kind that is not known here. Not an error: agents add kinds every few weeks. */
export interface UnknownRecord extends MessageBase<'unknown'> {
  /** The record's own type, or `null`; a subtype follows after `/`. */
  readonly recordType: string | null;
}

/** Why a line is no record. */
export type MalformedReason = 'json' | 'utf8' | 'nul' | 'oversize' | 'not-object';

/** A line, or a part of one, that is no record. */
export interface MalformedRecord extends MessageBase<'malformed'> {
  /** Why. */
  readonly reason: MalformedReason;
  /** One sentence. */
  readonly error: string;
  /** Its first 200 characters at most; empty for a run of NUL bytes. */
  readonly preview: string;
  /** Its size in bytes. */
  readonly bytes: number;
}
