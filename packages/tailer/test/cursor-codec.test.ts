import { describe, expect, it } from 'vitest';

import { fromCursor, parseCursor, toCursor } from '../src/cursor-codec.ts';
import type { TailCursor } from '../src/cursor.ts';
import { EMPTY_MARKER, Marker } from '../src/marker.ts';

const cursor: TailCursor = {
  v: 1,
  generation: 3,
  dev: '64769',
  ino: '9007199254740993',
  birthtimeNs: '1732166400123456789',
  offset: 1120,
  lineIndex: 17,
  marker: { bytes: 1024, hash: 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0' },
};

describe('cursor', () => {
  it('keeps its stored form: version 1 reads and writes exactly this', () => {
    const stored = JSON.stringify(cursor);
    expect(stored).toBe(
      '{"v":1,"generation":3,"dev":"64769","ino":"9007199254740993","birthtimeNs":"1732166400123456789",' +
        '"offset":1120,"lineIndex":17,"marker":{"bytes":1024,"hash":"ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"}}',
    );
    expect(toCursor(fromCursor(parseCursor(JSON.parse(stored))))).toEqual(cursor);
  });

  it('writes a file that was never there, and reads it back', () => {
    const nowhere = {
      generation: 0,
      identity: null,
      offset: 0,
      lineIndex: 0,
      marker: EMPTY_MARKER,
    };
    const stored = toCursor(nowhere);
    expect(stored).toMatchObject({ dev: '0', ino: '0', birthtimeNs: '0', offset: 0 });
    expect(fromCursor(parseCursor(stored)).identity).toBeNull();
  });

  it('carries the hash of what stands before it', () => {
    const marker = Marker.before(Buffer.from('abc\n'), 4);
    const identity = { dev: 1n, ino: 2n, birthtimeNs: 3n };
    const stored = toCursor({ generation: 0, identity, offset: 4, lineIndex: 1, marker });
    expect(fromCursor(stored).marker.matches(Buffer.from('abc\n'))).toBe(true);
  });

  it.each([
    ['no object', null, "from must be 'end', 'start' or a cursor, got null"],
    ['an unknown word', 'middle', `from must be 'end', 'start' or a cursor, got 'middle'`],
    ['a newer version', { ...cursor, v: 2 }, 'from.v must be version 1, got 2'],
    [
      'a negative offset',
      { ...cursor, offset: -1 },
      'from.offset must be a whole number of 0 or more, got -1',
    ],
    ['a fraction', { ...cursor, lineIndex: 0.5 }, 'from.lineIndex must be'],
    ['a number for an id', { ...cursor, ino: 12 }, 'from.ino must be'],
    ['no marker', { ...cursor, marker: undefined }, 'from.marker must be an object, got undefined'],
    [
      'a marker of nothing',
      { ...cursor, marker: { bytes: 0, hash: 'x' } },
      'from.marker.bytes must be 1 to 1024 at offset 1120, got 0',
    ],
    [
      'a marker beyond the start',
      { ...cursor, offset: 10, marker: { bytes: 11, hash: 'x' } },
      'from.marker.bytes must be 1 to 10 at offset 10, got 11',
    ],
    ['an empty hash', { ...cursor, marker: { bytes: 9, hash: '' } }, 'from.marker.hash must be'],
  ])('refuses %s and names the field', (_title, value, message) => {
    expect(() => parseCursor(value)).toThrow(TypeError);
    expect(() => parseCursor(value)).toThrow(message);
  });
});
