import type { EnrichedSession } from './enriched-session.ts';
import type { ParsedMessage } from './message.ts';
import { parseLineAll } from './parse-line.ts';
import { summarizeSession } from './session-summary.ts';

/**
 * Parses a whole transcript and tells what its messages mean together. Never throws.
 *
 * The last line counts only when it is a whole record or ends with a newline: a line that is still
 * being written is left to the tail that starts at `committedBytes`, which will deliver it whole. With
 * a last line that is a whole record but has no newline yet, that tail delivers it again, under the
 * same {@link messageKey}.
 *
 * Holds the whole text and all messages in memory: for files of hundreds of megabytes use
 * {@link parseLineAll} on a stream of lines.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseFullSession } from '@watchkeeper/transcript';
 *
 * const session = parseFullSession(readFileSync('session.jsonl', 'utf8'));
 * for (const turn of session.turns) console.log(turn.promptText, turn.toolUseCount);
 * ```
 */
export function parseFullSession(text: string): EnrichedSession {
  const messages: ParsedMessage[] = [];
  let lineIndex = 0;
  let start = 0;
  let from = 0;
  for (let newline = text.indexOf('\n'); newline >= 0; newline = text.indexOf('\n', from)) {
    const line = text.slice(from, newline + 1);
    const end = start + Buffer.byteLength(line);
    const found = parseLineAll(line, { lineIndex, byteRange: { start, end } });
    if (found.length > 0) lineIndex += 1;
    for (const message of found) messages.push(message);
    from = newline + 1;
    start = end;
  }
  const rest = text.slice(from);
  const unfinishedBytes = Buffer.byteLength(rest);
  const byteRange = { start, end: start + unfinishedBytes };
  const last = parseLineAll(rest, { lineIndex, byteRange });
  if (last.every((message) => message.kind !== 'malformed')) messages.push(...last);
  return { messages, committedBytes: start, unfinishedBytes, ...summarizeSession(messages) };
}
