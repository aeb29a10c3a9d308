import { createHash } from 'node:crypto';

import { array, assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { sliceBatch, type ParsedLine } from '../src/ingest-slice.ts';
import { SLICE_BYTES, SLICE_ROWS } from '../src/sync-options.ts';
import { cursorAt, promptMessage } from '../src/testing/fixtures.ts';

/** Lines as a tail would give them for a file of these texts. */
function linesOf(texts: readonly string[], newline: string): { lines: ParsedLine[]; file: Buffer } {
  let start = 0;
  const lines = texts.map((text, lineIndex) => {
    const end = start + Buffer.byteLength(text + newline);
    const line = {
      text,
      position: { lineIndex, start, end },
      messages: [promptMessage(lineIndex, text)],
    };
    start = end;
    return line;
  });
  return { lines, file: Buffer.from(texts.map((text) => text + newline).join('')) };
}

describe('sliceBatch', () => {
  it('gives every slice the cursor that a tail would have there', () => {
    assert(
      property(
        array(string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), {
          minLength: 1,
          maxLength: 700,
        }),
        constantFrom('\n', '\r\n'),
        (strings, newline) => {
          const texts = strings.map((text) => text.replaceAll(/[\r\n\ufffd]/gu, '.'));
          const { lines, file } = linesOf(texts, newline);
          const end = { ...cursorAt(0, 3), offset: file.length, lineIndex: lines.length };
          const slices = sliceBatch(lines, end);
          expect(slices.flatMap((slice) => slice.lines)).toEqual(lines);
          expect(slices.at(-1)?.cursor).toBe(end);
          for (const { cursor, lines: part } of slices) {
            expect(part.length).toBeLessThanOrEqual(SLICE_ROWS);
            expect(cursor.offset).toBe(part.at(-1)?.position.end);
            expect(cursor.generation).toBe(3);
            if (cursor === end) continue;
            const marked = file.subarray(cursor.offset - cursor.marker.bytes, cursor.offset);
            const hash = createHash('sha256').update(marked).digest('base64url');
            expect(cursor.marker).toEqual({ bytes: marked.length, hash });
            expect(cursor.marker.bytes).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 50, seed: 20_260_501 },
    );
  });

  it('cuts by size as well as by rows', () => {
    const big = 'x'.repeat(SLICE_BYTES / 2);
    const { lines, file } = linesOf([big, big, big, 'small'], '\n');
    const slices = sliceBatch(lines, { ...cursorAt(4), offset: file.length });
    expect(slices.map((slice) => slice.lines.length)).toEqual([1, 1, 2]);
  });

  it('does not cut where the bytes before the cut are not known', () => {
    const { lines, file } = linesOf(
      Array.from({ length: 450 }, () => 'broken \ufffd'),
      '\n',
    );
    expect(sliceBatch(lines, { ...cursorAt(4), offset: file.length })).toHaveLength(1);
    const shifted = lines.map(({ position, messages }) => ({ position, messages, text: 'short' }));
    expect(sliceBatch(shifted, { ...cursorAt(4), offset: file.length })).toHaveLength(1);
  });
});
