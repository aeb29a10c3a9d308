import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseLineAll } from '../src/index.ts';
import type { ParsedMessage } from '../src/index.ts';
import { assistantLine, promptLine } from './records.ts';

const START = 5000;

function parse(line: string | Uint8Array): ParsedMessage[] {
  const end = START + Buffer.byteLength(line) + 1;
  return parseLineAll(line, { lineIndex: 9, byteRange: { start: START, end } });
}

/** What a message says, in short. */
function gist(message: ParsedMessage): string {
  if (message.kind === 'user-prompt') return message.text;
  return message.kind === 'malformed' ? `malformed ${message.reason}` : message.kind;
}

function expectDisjoint(messages: readonly ParsedMessage[], length: number): void {
  expect(messages.map(({ subIndex }) => subIndex)).toEqual(messages.map((_, index) => index));
  let end = START;
  for (const message of messages) {
    expect(message.lineIndex).toBe(9);
    expect(message.byteRange.start).toBeGreaterThanOrEqual(end);
    expect(message.byteRange.end).toBeGreaterThan(message.byteRange.start);
    end = message.byteRange.end;
  }
  expect(end).toBe(START + length + 1);
}

const whole = (text: string): string => promptLine(text, `uuid-${text}`);
const cut = (text: string): string => whole(text).slice(0, -20);
const middle = (text: string): string => whole(text).slice(40);

test.each([
  ['two whole records', [whole('A'), whole('B')], ['A', 'B']],
  ['three whole records', [whole('A'), whole('B'), whole('C')], ['A', 'B', 'C']],
  ['a cut record before a whole one', [cut('A'), whole('B')], ['malformed json', 'B']],
  ['a whole record before a cut one', [whole('A'), cut('B')], ['A', 'malformed json']],
  [
    'a whole record between cut ones',
    [cut('A'), whole('B'), cut('C')],
    ['malformed json', 'B', 'malformed json'],
  ],
  [
    'whole records around a cut one',
    [whole('A'), cut('B'), whole('C')],
    ['A', 'malformed json', 'C'],
  ],
  ['the rest of a record before a whole one', [middle('A'), whole('B')], ['malformed json', 'B']],
  ['noise before a whole record', ['noise ', whole('B')], ['malformed json', 'B']],
  ['noise behind a whole record', [whole('A'), ' noise'], ['A', 'malformed json']],
  ['NUL between whole records', [whole('A'), '\0'.repeat(99), whole('B')], ['A', 'B']],
  ['NUL in the middle of a cut', [cut('A'), '\0'.repeat(99), whole('B')], ['malformed json', 'B']],
])('finds what is whole in %s', (_, parts, expected) => {
  const line = parts.join('');
  for (const given of [line, Buffer.from(line)]) {
    const messages = parse(given);
    expect(messages.map(gist)).toEqual(expected);
    expectDisjoint(messages, Buffer.byteLength(line));
  }
});

test('takes a string that looks like two records as what it is', () => {
  const text = '}{"type":"user","uuid":"u","message":{"content":"x"}}';
  expect(parse(promptLine(text)).map(gist)).toEqual([text]);
});

test('is not misled by braces and escaped quotes inside strings', () => {
  const text = '{"\\"}]} \\\\" {"type":"mode"';
  expect(parse(`${cut('A')}${whole(text)}${whole('{')}`).map(gist)).toEqual([
    'malformed json',
    text,
    '{',
  ]);
});

test('does not take an object inside a cut record for a record', () => {
  const line = assistantLine([{ type: 'text', text: 'A' }]);
  expect(parse(line.slice(0, line.indexOf(']'))).map(gist)).toEqual(['malformed json']);
  const tail = '{"type":"progress","data":{"type":"user"}';
  expect(parse(tail).map(gist)).toEqual(['malformed json']);
});

test('recovers the record behind a cut at every byte, also inside a character', () => {
  const first = Buffer.from(promptLine('日本語 🎉 ﬁ "quoted" \\ {"a":[1]}', 'uuid-first'));
  const second = Buffer.from(whole('B'));
  for (let at = 1; at < first.length; at++) {
    const line = Buffer.concat([first.subarray(0, at), second]);
    const messages = parse(line);
    expect(messages.at(-1), `cut at ${at}`).toMatchObject({
      kind: 'user-prompt',
      uuid: 'uuid-B',
      byteRange: { start: START + at, end: START + line.length + 1 },
    });
    expect(messages, `cut at ${at}`).toHaveLength(2);
    expect(messages[0]?.kind).toBe('malformed');
  }
});

test('recovers a large record behind a cut one', () => {
  const text = 'x'.repeat(900_000);
  expect(parse(`${cut('A')}${whole(text)}`).map(gist)).toEqual(['malformed json', text]);
});

test('looks for no more than 64 records in one line, and keeps the rest as malformed', () => {
  const messages = parse(whole('A').repeat(500));
  expect(messages.filter(({ kind }) => kind === 'user-prompt')).toHaveLength(64);
  expect(messages.filter(({ kind }) => kind === 'malformed')).toHaveLength(1);
});

test('finds every whole record among cut ones, in order, with disjoint ranges', () => {
  const part = fc.record({ text: fc.string({ unit: 'grapheme' }), keep: fc.boolean() });
  fc.assert(
    fc.property(fc.array(part, { minLength: 2, maxLength: 6 }), (parts) => {
      const pieces = parts.map(({ text, keep }) => {
        const line = whole(text);
        // Cut inside the last key, where no object can seem to be complete.
        return keep ? line : line.slice(0, line.lastIndexOf('"version"') + 5);
      });
      const line = pieces.join('');
      const messages = parse(Buffer.from(line));
      const wanted = parts
        .filter(({ keep }) => keep)
        .map(({ text }) => text.replaceAll('\0', '\uFFFD'));
      expect(
        messages.flatMap((message) => (message.kind === 'user-prompt' ? [message.text] : [])),
      ).toEqual(wanted);
      expectDisjoint(messages, Buffer.byteLength(line));
    }),
    { numRuns: 300 },
  );
});
