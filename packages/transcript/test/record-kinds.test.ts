import { expect, test } from 'vitest';

import { parseLine } from '../src/index.ts';
import { CONVERSATION } from './conversation-records.ts';
import { AROUND } from './other-records.ts';
import { EMPTY_ENVELOPE, ENVELOPE, PARSED_ENVELOPE } from './records.ts';

const ROWS = [...CONVERSATION, ...AROUND];

test.each(ROWS)('reads $record', ({ given, gives }) => {
  const line = JSON.stringify({ ...ENVELOPE, ...given });
  expect(parseLine(line, 7)).toMatchObject({
    ...gives,
    ...PARSED_ENVELOPE,
    lineIndex: 7,
    subIndex: 0,
    partIndex: 0,
    byteRange: { start: 0, end: line.length },
  });
});

test.each(ROWS)('reads $record without an envelope', ({ given, gives }) => {
  expect(parseLine(JSON.stringify(given), 0)).toMatchObject({ ...gives, ...EMPTY_ENVELOPE });
});

test.each(ROWS)('gives plain JSON for $record', ({ given }) => {
  const message = parseLine(JSON.stringify({ ...ENVELOPE, ...given }), 0);
  expect(JSON.parse(JSON.stringify(message))).toStrictEqual(message);
});

test('takes fields of the envelope that have a wrong type as absent', () => {
  const odd = {
    type: 'user',
    uuid: 1,
    parentUuid: {},
    sessionId: [],
    timestamp: 0,
    isSidechain: 'yes',
  };
  const more = { agentId: null, cwd: false, gitBranch: 3, version: 2, message: 'no object' };
  expect(parseLine(JSON.stringify({ ...odd, ...more }), 0)).toMatchObject({
    kind: 'user-prompt',
    text: '',
    ...EMPTY_ENVELOPE,
  });
});
