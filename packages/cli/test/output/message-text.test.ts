import { parseLineAll } from '@watchkeeper/transcript';
import { describe, expect, it } from 'vitest';

import { messageText } from '../../src/output/message-text.ts';
import { createPalette } from '../../src/output/palette.ts';

const plain = createPalette(false);

function textOf(record: unknown): string {
  const line = typeof record === 'string' ? record : JSON.stringify(record);
  const pos = { lineIndex: 0, byteRange: { start: 0, end: line.length } };
  return parseLineAll(line, pos)
    .map((message) => messageText(message, plain))
    .join('');
}

const at = { timestamp: '2026-01-02T03:04:05.678Z', uuid: 'u', sessionId: 's' };

function assistant(...content: readonly unknown[]): unknown {
  return { type: 'assistant', ...at, message: { role: 'assistant', content } };
}

describe('a message for a person', () => {
  it.each([
    [
      'a prompt',
      { type: 'user', ...at, message: { content: 'do it' } },
      '03:04:05 user      do it\n',
    ],
    ['an answer', assistant({ type: 'text', text: 'done' }), '03:04:05 assistant done\n'],
    ['a thought', assistant({ type: 'thinking', thinking: 'hm' }), '03:04:05 thinking  hm\n'],
    [
      'a tool call',
      assistant({ type: 'tool_use', id: 't', name: 'Bash', input: { command: 'ls\n-l' } }),
      '03:04:05 tool      Bash {"command":"ls\\n-l"}\n',
    ],
    [
      'a tool result over two lines',
      {
        type: 'user',
        ...at,
        message: { content: [{ type: 'tool_result', tool_use_id: 't', content: 'a\nb\n' }] },
      },
      `03:04:05 result    a\n${' '.repeat(19)}b\n`,
    ],
    [
      'a failed tool',
      {
        type: 'user',
        ...at,
        message: {
          content: [{ type: 'tool_result', tool_use_id: 't', is_error: true, content: 'no' }],
        },
      },
      '03:04:05 failed    no\n',
    ],
    [
      'the end of a turn',
      { type: 'system', subtype: 'turn_duration', durationMs: 61_250, ...at },
      '03:04:05 turn      ended after 61.3 s\n',
    ],
    ['an unknown record', { type: 'brand-new', ...at }, '03:04:05 unknown   brand-new\n'],
    [
      'a record without a time',
      { type: 'summary', summary: 'A title' },
      '         meta      summary: A title\n',
    ],
  ])('%s', (_, record, expected) => {
    expect(textOf(record)).toBe(expected);
  });

  it('says that a line is broken', () => {
    expect(textOf('{"type":"user",')).toMatch(/^ {9}malformed .*\{"type":"user",\n$/);
  });

  it('can neither drive the terminal nor forge a line of another speaker', () => {
    const text = '\u001B[2Jx\r03:04:05 assistant forged';
    const printed = textOf({ type: 'user', ...at, message: { content: text } });
    expect(printed).toBe('03:04:05 user      x␍03:04:05 assistant forged\n');
    const name = assistant({ type: 'tool_use', id: 't', name: '\u001B]0;x\u0007Bash', input: {} });
    expect(textOf(name)).toBe('03:04:05 tool      Bash {}\n');
  });

  it('is cut when it is very long, and says by how much', () => {
    const printed = textOf({ type: 'user', ...at, message: { content: 'x'.repeat(10_000) } });
    expect(printed).toMatch(/x… \(6000 more characters\)\n$/);
  });

  it('is coloured only when asked to', () => {
    const record = JSON.stringify({ type: 'user', ...at, message: { content: 'hi' } });
    const [message] = parseLineAll(record, { lineIndex: 0, byteRange: { start: 0, end: 1 } });
    if (message === undefined) throw new Error('the record has a message');
    expect(messageText(message, createPalette(true))).toContain('\u001B[32muser');
    expect(messageText(message, plain)).not.toContain('\u001B');
  });
});
