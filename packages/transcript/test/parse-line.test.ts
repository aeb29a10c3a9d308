import { describe, expect, test } from 'vitest';

import { MAX_LINE_BYTES, parseLine, parseLineAll } from '../src/index.ts';
import type { ParsedMessage } from '../src/index.ts';
import { assistantLine, ENVELOPE, promptLine } from './records.ts';

function parseAt(line: string | Uint8Array, start: number = 1000): ParsedMessage[] {
  const end = start + Buffer.byteLength(line) + 1;
  return parseLineAll(line, { lineIndex: 3, byteRange: { start, end } });
}

describe('a line without a record', () => {
  test.each(['', '\n', '\r\n', ' \t ', '\uFEFF', '\uFEFF\r\n'])('%j is blank', (line) => {
    expect(parseLine(line, 0)).toBeNull();
    expect(
      parseLineAll(Buffer.from(line), { lineIndex: 0, byteRange: { start: 0, end: 1 } }),
    ).toEqual([]);
  });

  test.each([
    ['not json', 'json'],
    ['{"type":"user"', 'json'],
    ['{"type":"user",}', 'json'],
    ['[1,2]', 'not-object'],
    ['"text"', 'not-object'],
    ['42', 'not-object'],
    ['null', 'not-object'],
    ['\0\0\0', 'nul'],
  ])('%j is malformed with the reason %s', (line, reason) => {
    expect(parseAt(line)).toEqual([
      expect.objectContaining({
        kind: 'malformed',
        reason,
        lineIndex: 3,
        subIndex: 0,
        uuid: null,
        byteRange: { start: 1000, end: 1001 + line.length },
        bytes: line.length + 1,
      }),
    ]);
  });

  test('a malformed line shows no more than 200 characters of itself', () => {
    const [message] = parseAt(`{"text":"${'é'.repeat(5000)}`);
    if (message?.kind !== 'malformed') throw new Error('expected a malformed record');
    expect(message.preview).toBe(`{"text":"${'é'.repeat(191)}`);
    expect(message.error.length).toBeLessThanOrEqual(200);
  });

  test('a preview is never cut inside a surrogate pair', () => {
    const [message] = parseAt(`x${'🎉'.repeat(300)}`);
    if (message?.kind !== 'malformed') throw new Error('expected a malformed record');
    expect(message.preview).toBe(`x${'🎉'.repeat(99)}`);
    expect(message.preview.isWellFormed()).toBe(true);
  });

  test('a run of 143 KB of NUL is one malformed record without preview', () => {
    expect(parseAt(Buffer.alloc(143 * 1024))).toEqual([
      expect.objectContaining({ kind: 'malformed', reason: 'nul', preview: '' }),
    ]);
  });

  test('a line over the limit is not parsed', () => {
    const line = Buffer.alloc(MAX_LINE_BYTES + 1, 0x61);
    expect(parseAt(line)).toEqual([
      expect.objectContaining({
        kind: 'malformed',
        reason: 'oversize',
        preview: 'a'.repeat(200),
        bytes: line.length + 1,
      }),
    ]);
  });

  test('bytes that are no UTF-8 are malformed, even inside a valid record', () => {
    const line = Buffer.from(promptLine('abc'));
    line[line.indexOf('abc')] = 0xff;
    expect(parseAt(line)).toEqual([
      expect.objectContaining({ kind: 'malformed', reason: 'utf8', subIndex: 0 }),
    ]);
  });
});

describe('what stands around a record', () => {
  const record = promptLine('Hello');

  test.each([
    ['a newline', `${record}\n`],
    ['a carriage return', `${record}\r\n`],
    ['a byte order mark', `\uFEFF${record}`],
    ['a run of NUL before it', `${'\0'.repeat(500)}${record}`],
    ['a run of NUL behind it', `${record}${'\0'.repeat(500)}`],
    ['white space', ` \t${record} `],
  ])('%s is passed over', (_, line) => {
    for (const given of [line, Buffer.from(line)]) {
      expect(parseAt(given)).toEqual([
        expect.objectContaining({ kind: 'user-prompt', text: 'Hello', subIndex: 0 }),
      ]);
    }
  });
});

describe('a record with several messages', () => {
  test('gives one message for each block, with one range and growing subIndex', () => {
    const line = assistantLine([
      { type: 'thinking', thinking: 'Hm' },
      { type: 'text', text: 'Hello' },
      { type: 'tool_use', id: 'c', name: 'Bash', input: {} },
    ]);
    const messages = parseAt(line);
    expect(messages.map(({ kind, subIndex, partIndex }) => [kind, subIndex, partIndex])).toEqual([
      ['assistant-block', 0, 0],
      ['assistant-block', 1, 1],
      ['assistant-block', 2, 2],
    ]);
    expect(new Set(messages.map(({ byteRange }) => byteRange.start))).toEqual(new Set([1000]));
    expect(parseLine(line, 3)).toMatchObject({ block: { type: 'thinking' }, subIndex: 0 });
  });

  test('gives the answers of tools first, then the prompt', () => {
    const content = [
      { type: 'text', text: 'Stop' },
      { type: 'tool_result', tool_use_id: 'c', content: 'x' },
    ];
    const messages = parseAt(JSON.stringify({ ...ENVELOPE, type: 'user', message: { content } }));
    expect(messages).toMatchObject([
      { kind: 'user-tool-result', results: [{ toolUseId: 'c' }], subIndex: 0 },
      { kind: 'user-prompt', text: 'Stop', subIndex: 1 },
    ]);
  });
});
