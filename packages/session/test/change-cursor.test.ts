import { formatChangeCursor, parseChangeCursor } from '@watchkeeper/session';
import { describe, expect, it } from 'vitest';

describe('the text form of a change cursor', () => {
  it('gives the cursor back', () => {
    const cursor = { epoch: 'a1-B_2', rev: 17, seq: Number.MAX_SAFE_INTEGER };
    expect(formatChangeCursor(cursor)).toBe('a1-B_2.17.9007199254740991');
    expect(parseChangeCursor(formatChangeCursor(cursor))).toEqual(cursor);
  });

  it.each([
    '',
    'e',
    'e.1',
    'e.1.2.3',
    'e.-1.2',
    'e.1.x',
    'e.1.*',
    'e+f.1.2',
    'e.1.2\n',
    `${'a'.repeat(200)}.1.2`,
    ' e.1.2',
    'e.1.9999999999999999',
  ])('is nothing for %j', (text) => {
    expect(parseChangeCursor(text)).toBe(null);
  });
});
