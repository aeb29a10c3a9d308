import {
  type ChangeCursor,
  formatChangeCursor,
  parseChangeCursor,
  type SessionVersion,
} from '@watchkeeper/session';

/** The `seq` of a cursor that stands after every row of its revision; written `*`. */
export const SEQ_ALL: number = Number.MAX_SAFE_INTEGER;

/**
 * Reads a cursor from its text form: the store's `epoch.rev.seq`, where `seq` may be `*`.
 *
 * @returns the cursor, or `null` when the text is not one.
 */
export function parseCursor(text: string): ChangeCursor | null {
  if (!text.endsWith('.*')) return parseChangeCursor(text);
  const cursor = parseChangeCursor(`${text.slice(0, -1)}0`);
  return cursor === null ? null : { ...cursor, seq: SEQ_ALL };
}

/** Writes a cursor in its text form, which is also the `id` of a frame. */
export function formatCursor(cursor: ChangeCursor): string {
  const text = formatChangeCursor(cursor);
  return cursor.seq === SEQ_ALL ? text.replace(/[0-9]+$/u, '*') : text;
}

/** The cursor after everything a version holds. */
export function headOf(version: SessionVersion): ChangeCursor {
  return { epoch: version.epoch, rev: version.rev, seq: SEQ_ALL };
}

/** The cursor before everything an epoch holds. */
export function startOf(version: SessionVersion): ChangeCursor {
  return { epoch: version.epoch, rev: 0, seq: 0 };
}

/**
 * Where a client asks to start: `now`, `start`, a cursor it held, or `unreadable` for a text that is
 * no cursor.
 */
export type StartPoint = 'now' | 'start' | 'unreadable' | ChangeCursor;

/** Why a client must reload what it holds. */
export type ResetReason = 'epoch' | 'unknown-cursor';

/** Where a stream starts, and what the client is told about it. */
export interface Position {
  /** Frames continue after it. */
  readonly cursor: ChangeCursor;
  /** `none`: no cursor was given; `replayed`: everything after it follows; `reset`: reload. */
  readonly resumed: 'none' | 'replayed' | 'reset';
  /** Set when `resumed` is `reset`. */
  readonly reason: ResetReason | null;
}

/** Decides where a stream starts. A cursor that this database did not hand out never turns into a silent "now". */
export function resolvePosition(start: StartPoint, version: SessionVersion): Position {
  if (start === 'now') return { cursor: headOf(version), resumed: 'none', reason: null };
  if (start === 'start') return { cursor: startOf(version), resumed: 'none', reason: null };
  if (start === 'unreadable') return reset(version, 'unknown-cursor');
  if (start.epoch !== version.epoch) return reset(version, 'epoch');
  if (start.rev > version.rev) return reset(version, 'unknown-cursor');
  return { cursor: start, resumed: 'replayed', reason: null };
}

function reset(version: SessionVersion, reason: ResetReason): Position {
  return { cursor: headOf(version), resumed: 'reset', reason };
}
