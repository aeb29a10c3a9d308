import { isJsonObject } from './fields.ts';
import type { JsonObject } from './fields.ts';
import { MAX_SPLICE_CANDIDATES, MAX_SPLICE_SCAN_BYTES, MAX_SPLICE_SEARCH_BYTES } from './limits.ts';
import { looksLikeRecord } from './record.ts';
import { decodeStrict } from './utf8.ts';

/** A part of a broken line: a whole record, or bytes that are none. */
export interface Segment {
  /** First byte within the line. */
  readonly start: number;
  /** Byte after the last one. */
  readonly end: number;
  /** The record, or `null`. */
  readonly record: JsonObject | null;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

interface Budget {
  /** Starts that may still be tried. */
  candidates: number;
  /** Bytes that may still be looked at behind such starts; each byte may be behind several. */
  bytes: number;
}

/**
 * Finds the whole records in a line that is not valid JSON. Two writers, or one that was killed, leave
 * records without a newline between them, a cut record directly followed by a whole one, and runs of
 * NUL between records. Within valid JSON `{"` can only follow `:`, `[`, `,` or white space, so a
 * record's start is known for certain wherever it follows anything else.
 *
 * Works on bytes, because a cut may stand inside a multi-byte character. At most
 * {@link MAX_SPLICE_CANDIDATES} starts are tried.
 */
export function splice(line: Uint8Array): Segment[] {
  // From both ends each byte is looked at twice at most.
  const budget: Budget = { candidates: MAX_SPLICE_CANDIDATES, bytes: Infinity };
  const head: Segment[] = [];
  let from = skipFiller(line, 0, line.length);
  let to = trimFiller(line, from, line.length);
  for (;;) {
    const segment = recordAt(line, from, to, budget);
    if (segment === null) break;
    head.push(segment);
    from = skipFiller(line, segment.end, to);
  }
  const foot: Segment[] = [];
  for (;;) {
    const segment = recordBefore(line, from, to, budget);
    if (segment === null) break;
    foot.push(segment);
    to = trimFiller(line, from, segment.start);
  }
  return [...head, ...searchMiddle(line, from, to, budget), ...foot.reverse()];
}

function searchMiddle(line: Uint8Array, from: number, to: number, budget: Budget): Segment[] {
  const found: Segment[] = [];
  const limit = Math.min(to, from + MAX_SPLICE_SEARCH_BYTES);
  budget.bytes = MAX_SPLICE_SCAN_BYTES;
  let bad = from;
  let at = from + 1;
  while (at < limit && budget.candidates > 0) {
    at = line.indexOf(OPEN_BRACE, at);
    if (at < 0 || at >= limit) break;
    const segment =
      line[at + 1] === QUOTE && isCertainStart(line, at) ? recordAt(line, at, limit, budget) : null;
    if (segment === null) {
      at += 1;
    } else {
      if (bad < at) found.push({ start: bad, end: at, record: null });
      found.push(segment);
      at = skipFiller(line, segment.end, to);
      bad = at;
    }
  }
  if (bad < to) found.push({ start: bad, end: to, record: null });
  return found;
}

function recordAt(line: Uint8Array, from: number, to: number, budget: Budget): Segment | null {
  if (from >= to || line[from] !== OPEN_BRACE || budget.candidates === 0) return null;
  budget.candidates -= 1;
  const reach = Math.min(to, from + budget.bytes);
  const end = closingEnd(line, from, reach);
  budget.bytes -= (end < 0 ? reach : end) - from;
  if (end < 0) return null;
  const record = parseObject(line.subarray(from, end));
  return typeof record?.['type'] === 'string' ? { start: from, end, record } : null;
}

function recordBefore(line: Uint8Array, from: number, to: number, budget: Budget): Segment | null {
  if (from >= to || line[to - 1] !== CLOSE_BRACE || budget.candidates === 0) return null;
  budget.candidates -= 1;
  const start = openingStart(line, from, to);
  if (start < 0) return null;
  const record = parseObject(line.subarray(start, to));
  if (typeof record?.['type'] !== 'string') return null;
  // Where the start could be that of a nested object, the object must be a record by its fields.
  if (!isCertainStart(line, start) && !looksLikeRecord(record)) return null;
  return { start, end: to, record };
}

function parseObject(bytes: Uint8Array): JsonObject | null {
  const text = decodeStrict(bytes);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    // Not JSON: the braces matched by chance. The caller tries elsewhere.
    return null;
  }
}

/** Whether an object that starts here cannot be part of a larger one. */
function isCertainStart(line: Uint8Array, at: number): boolean {
  const before = at === 0 ? CLOSE_BRACE : line[at - 1];
  return (
    before !== COLON && before !== COMMA && before !== OPEN_BRACKET && !isWhiteSpace(before ?? 0)
  );
}

/** The byte after the brace that closes the object at `from`, or -1. */
function closingEnd(line: Uint8Array, from: number, to: number): number {
  let depth = 0;
  for (let at = from; at < to; at++) {
    const byte = line[at];
    if (byte === QUOTE) {
      at += 1;
      while (at < to && line[at] !== QUOTE) at += line[at] === BACKSLASH ? 2 : 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/** The brace that opens the object which ends at `to`, or -1. */
function openingStart(line: Uint8Array, from: number, to: number): number {
  let depth = 0;
  for (let at = to - 1; at >= from; at--) {
    const byte = line[at];
    if (byte === QUOTE) {
      do at -= 1;
      while (at >= from && (line[at] !== QUOTE || isEscaped(line, at, from)));
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth += 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

/** Whether an odd number of backslashes stands before a byte. */
function isEscaped(line: Uint8Array, at: number, from: number): boolean {
  let backslashes = 0;
  while (at - backslashes - 1 >= from && line[at - backslashes - 1] === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function skipFiller(line: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isFiller(line[at] ?? 0)) at += 1;
  return at;
}

function trimFiller(line: Uint8Array, from: number, to: number): number {
  let at = to;
  while (at > from && isFiller(line[at - 1] ?? 0)) at -= 1;
  return at;
}

function isFiller(byte: number): boolean {
  return byte === 0 || isWhiteSpace(byte);
}

function isWhiteSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
