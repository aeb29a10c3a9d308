import type { ChangeCursor } from './store.ts';

/** The text form of a change cursor: `epoch.rev.seq`. */
export function formatChangeCursor(cursor: ChangeCursor): string {
  return `${cursor.epoch}.${cursor.rev}.${cursor.seq}`;
}

/**
 * Reads the text form of a change cursor. A `*` in place of `seq` means the end of its revision.
 * Returns `null` for anything else: a client that kept a broken cursor starts over.
 */
export function parseChangeCursor(text: string): ChangeCursor | null {
  const match = /^([A-Za-z0-9]{1,64})\.(\d{1,15})\.(\d{1,15}|\*)$/u.exec(text);
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) return null;
  return {
    epoch: match[1],
    rev: Number(match[2]),
    seq: match[3] === '*' ? Number.MAX_SAFE_INTEGER : Number(match[3]),
  };
}
