import { hash } from 'node:crypto';

import type { LinePosition, TailCursor } from '@watchkeeper/tailer';
import type { ParsedMessage } from '@watchkeeper/transcript';

import { SLICE_BYTES, SLICE_ROWS } from './sync-options.ts';

/** One line with all its messages. */
export interface ParsedLine {
  readonly text: string;
  readonly position: LinePosition;
  readonly messages: readonly ParsedMessage[];
}

/** What one transaction takes: some lines, and the cursor just after them. */
export interface IngestSlice {
  readonly lines: readonly ParsedLine[];
  readonly cursor: TailCursor;
}

/** How much of a file before its offset a cursor remembers; see `TailCursor.marker`. */
const MARKER_BYTES = 1024;

/**
 * The cursor after a line in the middle of a batch, or `null` where it cannot be known: its marker
 * needs the line's own bytes, and a line whose text is not all of its bytes (invalid UTF-8, a byte order
 * mark, NUL bytes) does not give them back.
 */
function cursorAfter(line: ParsedLine, end: TailCursor): TailCursor | null {
  const { text, position } = line;
  if (text.includes('\ufffd')) return null;
  const length = position.end - position.start;
  const rest = length - Buffer.byteLength(text);
  if (rest !== 1 && rest !== 2) return null;
  const bytes = Buffer.from(text + (rest === 1 ? '\n' : '\r\n'));
  const marked = bytes.subarray(Math.max(0, length - MARKER_BYTES));
  return {
    ...end,
    offset: position.end,
    lineIndex: position.lineIndex + 1,
    marker: { bytes: marked.length, hash: hash('sha256', marked, 'base64url') },
  };
}

/**
 * Cuts a batch into transactions, so that none holds the event loop for long. `end` is the cursor
 * after the whole batch; every slice carries the exact cursor after its own lines.
 */
export function sliceBatch(lines: readonly ParsedLine[], end: TailCursor): IngestSlice[] {
  const slices: IngestSlice[] = [];
  let first = 0;
  let rows = 0;
  let bytes = 0;
  for (const [index, line] of lines.entries()) {
    rows += line.messages.length;
    bytes += line.position.end - line.position.start;
    const next = lines[index + 1];
    if (next === undefined) break;
    const size = bytes + next.position.end - next.position.start;
    if (rows + next.messages.length <= SLICE_ROWS && size <= SLICE_BYTES) continue;
    const cursor = cursorAfter(line, end);
    if (cursor === null) continue;
    slices.push({ lines: lines.slice(first, index + 1), cursor });
    first = index + 1;
    rows = 0;
    bytes = 0;
  }
  slices.push({ lines: lines.slice(first), cursor: end });
  return slices;
}
