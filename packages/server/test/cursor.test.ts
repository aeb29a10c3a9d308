import type { SessionVersion } from '@watchkeeper/session';
import { HEARTBEAT_TICKS, parseChangeCursor, POLL_INTERVAL_MS } from '@watchkeeper/session';
import { describe, expect, it } from 'vitest';

import { formatCursor, parseCursor, resolvePosition, SEQ_ALL } from '../src/cursor.ts';
import { HEARTBEAT_MS } from '../src/index.ts';

describe('the text form of a cursor', () => {
  it.each([
    ['e1.7.3', { epoch: 'e1', rev: 7, seq: 3 }],
    ['e1.7.*', { epoch: 'e1', rev: 7, seq: SEQ_ALL }],
    ['0b1c-2d_3.0.0', { epoch: '0b1c-2d_3', rev: 0, seq: 0 }],
  ])('%s is read and written back', (text, cursor) => {
    expect(parseCursor(text)).toEqual(cursor);
    expect(formatCursor(cursor)).toBe(text);
  });

  it.each([
    '',
    'e1',
    'e1.7',
    'e1.7.3.4',
    'e1.-7.3',
    'e1.7.x',
    '.7.3',
    'e 1.7.3',
    ' e1.7.3',
    'e1.7.3\n',
    'e1.*.3',
    'e1.7.**',
    'e1.7.1*',
    'e1.9007199254740993.1',
    `${'a'.repeat(4096)}.7.3`,
  ])('%j is not a cursor', (text) => {
    expect(parseCursor(text)).toBeNull();
  });

  it('is the one of the store, and a star besides', () => {
    expect(parseCursor('e1.7.3')).toEqual(parseChangeCursor('e1.7.3'));
    expect(parseChangeCursor('e1.7.*')).toBeNull();
  });
});

describe('where a stream starts', () => {
  const version: SessionVersion = {
    epoch: 'e1',
    rev: 9,
    messageCount: 4,
    source: null,
    deleted: false,
  };

  it.each([
    ['now', 'e1.9.*', 'none', null],
    ['start', 'e1.0.0', 'none', null],
    [{ epoch: 'e1', rev: 7, seq: 3 }, 'e1.7.3', 'replayed', null],
    [{ epoch: 'e1', rev: 9, seq: SEQ_ALL }, 'e1.9.*', 'replayed', null],
    [{ epoch: 'e0', rev: 7, seq: 3 }, 'e1.9.*', 'reset', 'epoch'],
    [{ epoch: 'e1', rev: 10, seq: 1 }, 'e1.9.*', 'reset', 'unknown-cursor'],
    ['unreadable', 'e1.9.*', 'reset', 'unknown-cursor'],
  ] as const)('asked for %j it is %s (%s, %s)', (start, cursor, resumed, reason) => {
    const position = resolvePosition(start, version);
    expect(formatCursor(position.cursor)).toBe(cursor);
    expect(position).toMatchObject({ resumed, reason });
  });
});

it('tells clients the heartbeat of a monitor with default settings', () => {
  expect(HEARTBEAT_MS).toBe(POLL_INTERVAL_MS * HEARTBEAT_TICKS);
});
