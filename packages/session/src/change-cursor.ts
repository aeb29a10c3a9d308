import type { ChangeCursor } from './store.ts';

/** Cursors are short; a longer text is not parsed at all, so that a client cannot make its reader work. */
const MAX_CURSOR_LENGTH = 200;

const CURSOR_SYNTAX = /^([A-Za-z0-9_-]+)\.([0-9]+)\.([0-9]+)$/u;

/** The text form of a change cursor: `epoch.rev.seq`. */
export function formatChangeCursor(cursor: ChangeCursor): string {
  return `${cursor.epoch}.${cursor.rev}.${cursor.seq}`;
}

/**
 * Reads the text form of a change cursor.
 *
 * @returns the cursor, or `null` when the text is none: a client that kept a broken cursor starts over.
 */
export function parseChangeCursor(text: string): ChangeCursor | null {
  const [, epoch = '', ...numbers] =
    text.length > MAX_CURSOR_LENGTH ? [] : (CURSOR_SYNTAX.exec(text) ?? []);
  const [rev = Number.NaN, seq = Number.NaN] = numbers.map(Number);
  return Number.isSafeInteger(rev) && Number.isSafeInteger(seq) ? { epoch, rev, seq } : null;
}
