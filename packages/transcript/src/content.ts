import type { ContentBlock, MediaBlock } from './content-block.ts';
import { fieldOf, isJsonObject, objectOf, textOf } from './fields.ts';
import type { Reading, JsonObject } from './fields.ts';
import { capJson } from './json-cap.ts';
import { MAX_BLOCKS, MAX_DEPTH } from './limits.ts';

/** Reads a record's content, whatever its shape: a string, one block, or an array of blocks and strings. */
export function contentOf(value: unknown, reading: Reading, depth: number = 0): ContentBlock[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [blockOf(value, reading, depth)];
  if (value.length > MAX_BLOCKS) reading.cut = true;
  return value.slice(0, MAX_BLOCKS).map((part) => blockOf(part, reading, depth));
}

/** The words of a content, those of several blocks joined by newlines. */
export function wordsOf(blocks: readonly ContentBlock[]): string {
  const words: string[] = [];
  for (const block of blocks) if (block.type === 'text') words.push(block.text);
  return words.length === 1 ? (words[0] ?? '') : words.join('\n');
}

/** Whether a raw block is a tool's answer. */
export function isToolResult(value: unknown): value is JsonObject {
  return isJsonObject(value) && value['type'] === 'tool_result';
}

/** Reads a tool's answer. */
export function toolResultOf(
  block: JsonObject,
  reading: Reading,
  depth: number = 0,
): { toolUseId: string; isError: boolean; content: ContentBlock[] } {
  if (depth === MAX_DEPTH) reading.cut = true;
  return {
    toolUseId: fieldOf(block['tool_use_id']) ?? '',
    isError: block['is_error'] === true,
    content: depth === MAX_DEPTH ? [] : contentOf(block['content'], reading, depth + 1),
  };
}

function blockOf(value: unknown, reading: Reading, depth: number): ContentBlock {
  if (typeof value === 'string') return { type: 'text', text: textOf(value, reading) ?? '' };
  if (!isJsonObject(value)) return { type: 'other', tag: 'unknown' };
  const type = value['type'];
  switch (type) {
    case 'text':
      return { type, text: textOf(value['text'], reading) ?? '' };
    case 'thinking':
      return {
        type,
        thinking: textOf(value['thinking'], reading) ?? '',
        signature: textOf(value['signature'], reading),
      };
    case 'tool_use':
      return {
        type,
        id: fieldOf(value['id']) ?? '',
        name: fieldOf(value['name']) ?? '',
        input: capJson(value['input'], reading),
      };
    case 'tool_result':
      return { type, ...toolResultOf(value, reading, depth) };
    case 'image':
    case 'document':
      return mediaOf(type, value);
    default:
      return { type: 'other', tag: fieldOf(type) ?? 'unknown' };
  }
}

function mediaOf(type: MediaBlock['type'], block: JsonObject): MediaBlock {
  const source = objectOf(block['source']);
  const data = source?.['data'];
  return {
    type,
    mediaType: fieldOf(source?.['media_type']),
    bytes: typeof data === 'string' ? mediaBytes(source?.['type'], data) : 0,
  };
}

function mediaBytes(encoding: unknown, data: string): number {
  if (encoding !== 'base64') return Buffer.byteLength(data);
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  return Math.max(0, Math.floor((data.length * 3) / 4) - padding);
}
