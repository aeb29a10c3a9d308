import { describe, expect, it } from 'vitest';

import { decodeLine } from '../src/line.ts';

const BOM = '\ufeff';

function decode(content: string | Buffer, atFileStart = false): string | null {
  const bytes = Buffer.from(content as string);
  return decodeLine(bytes, 0, bytes.length, atFileStart);
}

describe('decodeLine', () => {
  it.each([
    ['plain text', 'abc', 'abc'],
    ['a carriage return at the end', 'abc\r', 'abc'],
    ['only one of two carriage returns', 'abc\r\r', 'abc\r'],
    ['a lone carriage return inside', '{"a":\r1}', '{"a":\r1}'],
    ['line and paragraph separators', '"a\u2028b\u2029c\u0085d"', '"a\u2028b\u2029c\u0085d"'],
    ['characters of two, three and four bytes', 'é日🎉ﬁ', 'é日🎉ﬁ'],
    ['NUL bytes before the text', '\0\0\0{"a":1}', '{"a":1}'],
    ['NUL bytes inside the text', 'a\0b', 'a\0b'],
    ['NUL bytes alone', '\0\0\0', '\0\0\0'],
    ['NUL bytes and a carriage return', '\0\0\r', '\0\0'],
    ['spaces around text', '  a ', '  a '],
    ['an escaped lone surrogate', '"\\ud800"', '"\\ud800"'],
  ])('decodes %s', (_title, content, expected) => {
    expect(decode(content)).toBe(expected);
  });

  it.each(['', '\r', '   ', '\t', ' \t \r'])('finds %j blank', (content) => {
    expect(decode(content)).toBeNull();
  });

  it('drops a byte order mark at the start of the file, and only there', () => {
    expect(decode(`${BOM}abc`, true)).toBe('abc');
    expect(decode(`${BOM}abc`, false)).toBe(`${BOM}abc`);
    expect(decode(`${BOM}\r`, true)).toBeNull();
  });

  it('replaces bytes that are not UTF-8 and keeps what follows', () => {
    expect(decode(Buffer.from([0x61, 0xc3, 0x28, 0x62]))).toBe('a\ufffd(b');
  });

  it('decodes only the given range', () => {
    expect(decodeLine(Buffer.from('xxabcyy'), 2, 5, false)).toBe('abc');
  });
});
