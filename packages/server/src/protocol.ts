import type { ChangeItem, SessionVersion, TickCause } from '@watchkeeper/session';

import type { ResetReason } from './cursor.ts';

/** The version of the stream protocol; a client refuses one it does not know. Additions do not raise it. */
export const PROTOCOL_VERSION = 1;

/** What a stream of one session carries: `tick` says that something changed, `messages` what. */
export type StreamMode = 'tick' | 'messages';

/** Data of `hello`, the first frame of every stream. */
export interface HelloData {
  /** See {@link PROTOCOL_VERSION}. */
  readonly protocol: number;
  /** The session, or `null` on the stream of list changes. */
  readonly sessionId: string | null;
  /** What will come, or `null` on the stream of list changes. */
  readonly mode: StreamMode | null;
  /** The session's version now, or `null` while it does not exist. */
  readonly version: SessionVersion | null;
  /** `none`: no cursor was given; `replayed`: all that was missed follows; `reset`: a `reset` frame follows. */
  readonly resumed: 'none' | 'replayed' | 'reset';
  /** Time between two `heartbeat` frames, in milliseconds. */
  readonly heartbeatMs: number;
  /** Optional parts of the protocol this server has. */
  readonly features: readonly string[];
}

/** Data of `session.updated`. Any number of changes may collapse into one. */
export interface UpdatedData {
  /** The session. */
  readonly sessionId: string;
  /** Its revision now. */
  readonly rev: number;
  /** The revision of the frame before, or `null` for a session that just appeared. */
  readonly prevRev: number | null;
  /** Rows that are not deleted. */
  readonly messageCount: number;
  /** How the monitor learned of it. */
  readonly cause: TickCause;
}

/** A row too large for a frame: its long texts are cut, `href` has it as it is stored. */
export interface CutItem {
  /** A row was written. */
  readonly t: 'put';
  /** Its place in the session. */
  readonly seq: number;
  /** The revision that wrote it. */
  readonly rev: number;
  /** Its identity in the session. */
  readonly key: string;
  /** The transcript no longer holds it; the store kept it. */
  readonly retained: boolean;
  /** Always `true`: texts or lists inside `message` are shorter than they were. */
  readonly truncated: true;
  /** Size of the whole item as JSON, in bytes. */
  readonly bytes: number;
  /** Path of the whole item; answers byte ranges. */
  readonly href: string;
  /** The message with what was too long cut off, or only its `kind` and place in the file. */
  readonly message: Readonly<Record<string, unknown>>;
}

/** One row in a `messages` frame. Apply it only if its (`rev`, `seq`) is newer than what is held for its key. */
export type WireItem = ChangeItem | CutItem;

/** Data of `messages`. */
export interface MessagesData {
  /** The session. */
  readonly sessionId: string;
  /** Rows in the order (`rev`, `seq`), never empty. */
  readonly items: readonly WireItem[];
  /** Another frame follows at once. */
  readonly more: boolean;
}

/** Data of `reset`: reload the session, then go on with the frames after this one. */
export interface ResetData {
  /** The session. */
  readonly sessionId: string;
  /** `epoch`: the database is another one; `unknown-cursor`: the cursor is not one of this database. */
  readonly reason: ResetReason;
}

/** Data of `pending`: asked for with `wait=1`, not in the store yet. */
export interface PendingData {
  /** The session. */
  readonly sessionId: string;
}

/** Data of `lag`: the database is behind the session's file. */
export interface LagData {
  /** The session. */
  readonly sessionId: string;
  /** Bytes of the file that are not in the database. */
  readonly bytesBehind: number;
  /** Since when, in milliseconds. */
  readonly sinceMs: number;
  /** How many times syncing was tried. */
  readonly attempt: number;
  /** Why the last try failed, or `null`. */
  readonly error: string | null;
}

/** Data of `heartbeat`. */
export interface HeartbeatData {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The session's revision, or `null` where there is none. */
  readonly rev: number | null;
}

/** Data of `session.gone`, the last frame: do not come back. */
export interface GoneData {
  /** The session. */
  readonly sessionId: string;
  /** Why. */
  readonly reason: 'deleted';
}

/** Data of `bye`, the last frame of a stream that may be opened again. */
export interface ByeData {
  /** Wait this long before coming back, in milliseconds; differs from client to client. */
  readonly retryMs: number;
}

/** Data of `sessions.changed`: load the list again. */
export interface SessionsChangedData {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Every event name and its data. Clients ignore names they do not know. */
export interface StreamEvents {
  /** First frame of every stream. */
  readonly hello: HelloData;
  /** The session changed (mode `tick`). */
  readonly 'session.updated': UpdatedData;
  /** Rows that changed (mode `messages`). */
  readonly messages: MessagesData;
  /** What the client holds is void. */
  readonly reset: ResetData;
  /** The session does not exist yet. */
  readonly pending: PendingData;
  /** The database is behind the file. */
  readonly lag: LagData;
  /** Nothing to say, still here. */
  readonly heartbeat: HeartbeatData;
  /** The session was deleted. */
  readonly 'session.gone': GoneData;
  /** The list of sessions changed. */
  readonly 'sessions.changed': SessionsChangedData;
  /** The server ends the stream. */
  readonly bye: ByeData;
}

/** Every event name. */
export type StreamEventName = keyof StreamEvents;

/** One frame: an event, the cursor after it, its data. */
export type StreamFrame = {
  readonly [Name in StreamEventName]: {
    /** The event's name. */
    readonly event: Name;
    /** Resume after it with this id, or `null` for a frame that does not move the cursor. */
    readonly id: string | null;
    /** What the event says. */
    readonly data: StreamEvents[Name];
  };
}[StreamEventName];
