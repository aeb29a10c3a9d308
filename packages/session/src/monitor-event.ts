import type { SessionVersion } from './store.ts';

/** Why a tick came. */
export type TickCause = 'baseline' | 'hint' | 'poll' | 'fallback';

/** The session is now at this version. */
export interface TickEvent {
  /** Which event. */
  readonly type: 'tick';
  /** The session. */
  readonly sessionId: string;
  /** Where it stands now. */
  readonly version: SessionVersion;
  /** The `rev` of the tick before, or `null` for the first. */
  readonly prev: number | null;
  /** How it came to be known. */
  readonly cause: TickCause;
}

/** A keepalive, sent every 20th poll whether or not ticks flowed. */
export interface HeartbeatEvent {
  /** Which event. */
  readonly type: 'heartbeat';
  /** The session. */
  readonly sessionId: string;
  /** Where it stands, so that a missed tick shows; `null` while it is not in the store. */
  readonly version: SessionVersion | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The transcript is ahead of the store and a sync failed, or the store cannot be read. */
export interface LagEvent {
  /** Which event. */
  readonly type: 'lag';
  /** The session. */
  readonly sessionId: string;
  /** Bytes of the transcript that are not in the store; 0 when it is not known. */
  readonly bytesBehind: number;
  /** How long it has been so, in milliseconds. */
  readonly sinceMs: number;
  /** Failed attempts so far, from 1. */
  readonly attempt: number;
  /** What the last attempt said, or `null`. */
  readonly error: string | null;
}

/** The session was asked for and is not in the store yet. */
export interface PendingEvent {
  /** Which event. */
  readonly type: 'pending';
  /** The session. */
  readonly sessionId: string;
}

/** The last event: deleted by a user, the database was rebuilt, or the monitor was closed. */
export interface GoneEvent {
  /** Which event. */
  readonly type: 'gone';
  /** The session. */
  readonly sessionId: string;
  /** Why. */
  readonly reason: 'deleted' | 'epoch' | 'closed';
}

/** What a monitor says of one session. Ticks are level signals: many changes may collapse into one. */
export type MonitorEvent = TickEvent | HeartbeatEvent | LagEvent | PendingEvent | GoneEvent;

/** What a monitor says of the list of sessions: a level signal without content, and a keepalive. */
export type ListEvent =
  | {
      /** Some session may have changed, come or gone. */
      readonly type: 'changed';
    }
  | {
      /** A keepalive, sent every 20th poll. */
      readonly type: 'heartbeat';
      /** Milliseconds since the epoch. */
      readonly at: number;
    };
