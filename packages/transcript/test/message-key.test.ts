import { expect, test } from 'vitest';

import { messageKey, parseFullSession, parseLineAll } from '../src/index.ts';
import { assistantLine, promptLine } from './records.ts';

const at = (lineIndex: number) => ({ lineIndex, byteRange: { start: 0, end: 1 } });

test('is the uuid where the record has one, wherever it stands', () => {
  const [first] = parseLineAll(promptLine('A', 'uuid-a'), at(0));
  const [again] = parseLineAll(promptLine('A', 'uuid-a'), at(70));
  const [, spliced] = parseLineAll(`{"type":"us${promptLine('A', 'uuid-a')}`, at(3));
  for (const message of [first, again, spliced]) {
    expect(message && messageKey(message, 4)).toBe('uuid-a');
  }
});

test('tells the blocks of one record apart', () => {
  const blocks = [1, 2, 3].map((text) => ({ type: 'text', text: `${text}` }));
  const keys = parseLineAll(assistantLine(blocks, { uuid: 'uuid-a' }), at(0)).map((message) =>
    messageKey(message),
  );
  expect(keys).toEqual(['uuid-a', 'uuid-a.1', 'uuid-a.2']);
});

test('is made of generation and place where there is no uuid', () => {
  const mode = '{"type":"mode","mode":"plan"}';
  expect(parseLineAll(`${mode}${mode}`, at(5)).map((message) => messageKey(message, 2))).toEqual([
    'L2:5.0',
    'L2:5.1',
  ]);
  expect(parseLineAll('not json', at(6)).map((message) => messageKey(message))).toEqual(['L0:6.0']);
});

test('gives a repeated history no new keys', () => {
  const lines = Array.from({ length: 200 }, (_, index) => promptLine(`${index}`, `uuid-${index}`));
  const { messages } = parseFullSession([...lines, ...lines].join('\n'));
  expect(messages).toHaveLength(400);
  expect(new Set(messages.map((message) => messageKey(message))).size).toBe(200);
});
