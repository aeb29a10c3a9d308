import type { MalformedReason } from './bookkeeping-message.ts';
import type { Envelope } from './envelope.ts';
import { cleanString, cutString, isJsonObject } from './fields.ts';
import type { Impurity, JsonObject, Reading } from './fields.ts';
import { MAX_LINE_BYTES, MAX_PREVIEW_CHARS } from './limits.ts';
import type { MessageBody } from './message-body.ts';
import type { ParsedMessage } from './message.ts';
import type { ByteRange, LinePos } from './position.ts';
import { bodiesOf, envelopeOf, NO_ENVELOPE } from './record.ts';
import { splice } from './splice.ts';
import { decodeLossy, decodeStrict } from './utf8.ts';

/**
 * Parses one line and gives its first message, or `null` for a blank line. Never throws.
 *
 * A line may hold several messages (an assistant record with several blocks, two records without a
 * newline between them): use {@link parseLineAll} to get them all. Called alone it cannot know where
 * the line stands, so `byteRange` runs from 0 to the length of the given string in bytes.
 *
 * @param line - the line, with or without its newline
 * @param lineIndex - 0-based count of non-blank lines before it
 *
 * @example
 * ```ts
 * import { parseLine } from '@watchkeeper/transcript';
 *
 * const message = parseLine('{"type":"user","message":{"content":"Hello"}}', 0);
 * if (message?.kind === 'user-prompt') console.log(message.text);
 * ```
 */
export function parseLine(line: string, lineIndex: number): ParsedMessage | null {
  const byteRange = { start: 0, end: Buffer.byteLength(line) };
  return parseLineAll(line, { lineIndex, byteRange })[0] ?? null;
}

/**
 * Parses one line into all its messages: none for a blank line, one for most, several for a record
 * with several blocks and for a line that holds several records. Never throws, whatever the bytes.
 *
 * A byte order mark, NUL runs and white space around a record are passed over. Valid JSON that is not
 * known is `unknown`; only broken JSON and what is no object is `malformed`. In a broken line whole
 * records are still found, each with the bytes it takes. Given bytes, invalid UTF-8 is `malformed`;
 * given a string, it is too late to tell.
 *
 * @param line - the line, with or without its newline; bytes give exact ranges in a broken line
 * @param pos - where it stands
 */
export function parseLineAll(line: Uint8Array | string, pos: LinePos): ParsedMessage[] {
  if (line.length > MAX_LINE_BYTES) {
    const head = typeof line === 'string' ? line : decodeLossy(line.subarray(0, PREVIEW_BYTES));
    const error = `the line is longer than ${MAX_LINE_BYTES} bytes`;
    return [malformed('oversize', error, head, pos, pos.byteRange, 0)];
  }
  const text = typeof line === 'string' ? line : decodeStrict(line);
  if (text === null) return repair(line, 'utf8', 'the line is not valid UTF-8', pos);
  const trimmed = trimLine(text);
  if (trimmed === '') {
    if (!text.includes('\0')) return [];
    const error = 'the line holds only NUL bytes, as a crash leaves them';
    return [malformed('nul', error, '', pos, pos.byteRange, 0)];
  }
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
  } catch (error) {
    // Any failure of `JSON.parse` means the same: this line is no single JSON value.
    return repair(line, 'json', error instanceof Error ? error.message : String(error), pos);
  }
  if (isJsonObject(value)) {
    return messagesOf(value, impurityOf(line, trimmed), pos, pos.byteRange, 0);
  }
  const error = 'the line is valid JSON but no object';
  return [malformed('not-object', error, trimmed, pos, pos.byteRange, 0)];
}

/** Enough bytes for a preview of the widest characters. */
const PREVIEW_BYTES = MAX_PREVIEW_CHARS * 4;

/** Valid JSON in UTF-8 brings in NUL and lone surrogates only as escapes; a caller's string may also hold surrogates as they are. */
function impurityOf(line: Uint8Array | string, text: string): Impurity {
  if (text.includes('\\u')) return 'surrogates-and-nul';
  return typeof line === 'string' ? 'surrogates' : 'none';
}

function messagesOf(
  record: JsonObject,
  impurity: Impurity,
  pos: LinePos,
  byteRange: ByteRange,
  firstSubIndex: number,
): ParsedMessage[] {
  const reading: Reading = { impurity, cut: false };
  const bodies = bodiesOf(record, reading);
  const envelope = envelopeOf(record);
  const messages: ParsedMessage[] = [];
  for (const body of bodies) {
    const partIndex = messages.length;
    const subIndex = firstSubIndex + partIndex;
    const message = place(body, envelope, pos.lineIndex, byteRange, subIndex, partIndex);
    messages.push(reading.cut ? { ...message, truncated: true } : message);
  }
  return messages;
}

function place(
  body: MessageBody,
  envelope: Envelope,
  lineIndex: number,
  byteRange: ByteRange,
  subIndex: number,
  partIndex: number,
): ParsedMessage {
  return { ...body, lineIndex, byteRange, subIndex, partIndex, ...envelope };
}

/** Looks for whole records in a line that is not valid JSON. */
function repair(
  line: Uint8Array | string,
  reason: MalformedReason,
  error: string,
  pos: LinePos,
): ParsedMessage[] {
  const bytes = typeof line === 'string' ? Buffer.from(line) : line;
  const segments = splice(bytes);
  const messages: ParsedMessage[] = [];
  for (const [index, { start, end, record }] of segments.entries()) {
    const last = index === segments.length - 1;
    const byteRange =
      segments.length === 1
        ? pos.byteRange
        : {
            start: Math.min(pos.byteRange.start + start, pos.byteRange.end),
            end: last ? pos.byteRange.end : Math.min(pos.byteRange.start + end, pos.byteRange.end),
          };
    if (record === null) {
      const head = decodeLossy(bytes.subarray(start, Math.min(end, start + PREVIEW_BYTES)));
      messages.push(malformed(reason, error, head, pos, byteRange, messages.length));
    } else {
      messages.push(...messagesOf(record, 'surrogates-and-nul', pos, byteRange, messages.length));
    }
  }
  return messages;
}

function malformed(
  reason: MalformedReason,
  error: string,
  head: string,
  pos: LinePos,
  byteRange: ByteRange,
  subIndex: number,
): ParsedMessage {
  const body: MessageBody = {
    kind: 'malformed',
    reason,
    error: preview(error),
    preview: preview(head),
    bytes: byteRange.end - byteRange.start,
  };
  return place(body, NO_ENVELOPE, pos.lineIndex, byteRange, subIndex, 0);
}

function preview(text: string): string {
  const shown = text.slice(0, PREVIEW_BYTES).replaceAll('\0', '');
  return cleanString(
    shown.length > MAX_PREVIEW_CHARS ? cutString(shown, MAX_PREVIEW_CHARS) : shown,
  );
}

/** The line without what may stand around a record: a byte order mark, NUL runs, white space, its newline. */
function trimLine(text: string): string {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let end = text.length;
  while (start < end && isFiller(text.charCodeAt(start))) start += 1;
  while (end > start && isFiller(text.charCodeAt(end - 1))) end -= 1;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isFiller(code: number): boolean {
  return code === 0 || code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}
