import { formatChangeCursor, parseChangeCursor } from '@watchkeeper/session';
import { describe, expect, it } from 'vitest';

describe('the text form of a change cursor', () => {
  it('gives the cursor back', () => {
    const cursor = { epoch: 'a1B2', rev: 17, seq: 4 };
    expect(formatChangeCursor(cursor)).toBe('a1B2.17.4');
    expect(parseChangeCursor('a1B2.17.4')).toEqual(cursor);
  });

  it('takes a star for the end of a revision', () => {
    expect(parseChangeCursor('e.3.*')).toEqual({
      epoch: 'e',
      rev: 3,
      seq: Number.MAX_SAFE_INTEGER,
    });
  });

  it.each([
    '',
    'e',
    'e.1',
    'e.1.2.3',
    'e.-1.2',
    'e.1.x',
    'e-f.1.2',
    ' e.1.2',
    'e.1.9999999999999999',
  ])('is nothing for %j', (text) => {
    expect(parseChangeCursor(text)).toBe(null);
  });
});
