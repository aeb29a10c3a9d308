import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Framer } from '../src/framer.ts';

interface Framed {
  readonly lines: [string, number, number][];
  readonly oversize: [number, number][];
}

function frame(
  pieces: readonly Uint8Array[],
  maxLineBytes = 1 << 20,
  offset = 0,
): Framed & { framer: Framer } {
  const lines: Framed['lines'] = [];
  const oversize: Framed['oversize'] = [];
  const framer = new Framer(maxLineBytes, offset);
  let position = offset;
  for (const piece of pieces) {
    // One byte of foreign data on each side shows that only the given range is read.
    const buffer = Buffer.concat([Buffer.from('\n'), piece, Buffer.from('\n')]);
    framer.push(buffer, 1, 1 + piece.length, position, {
      line: (content, from, to, start, end) =>
        lines.push([content.toString('latin1', from, to), start, end]),
      oversize: (start, end) => oversize.push([start, end]),
    });
    buffer.fill(0x58);
    position += piece.length;
  }
  return { lines, oversize, framer };
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const edges = [0, ...sorted, bytes.length];
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
}

describe('Framer', () => {
  it('gives each line with its own range', () => {
    const { lines } = frame([Buffer.from('{"a":1}\n{"b":2}\n')]);
    expect(lines).toEqual([
      ['{"a":1}', 0, 8],
      ['{"b":2}', 8, 16],
    ]);
  });

  it('counts from the offset it was given', () => {
    expect(frame([Buffer.from('x\n')], 100, 800).lines).toEqual([['x', 800, 802]]);
  });

  it('keeps an unfinished line until its newline comes', () => {
    const { lines, framer } = frame([Buffer.from('{"a":1}\n{"n":12')]);
    expect(lines).toHaveLength(1);
    expect(framer.lineStart).toBe(8);
    expect(frame([Buffer.from('{"n":12'), Buffer.from('34}\n')]).lines).toEqual([
      ['{"n":1234}', 0, 11],
    ]);
  });

  it('gives the same lines and ranges for any cut of any bytes', () => {
    const bytes = fc
      .array(
        fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 255 }) }, fc.constant(10)),
        {
          maxLength: 300,
        },
      )
      .map((values) => Uint8Array.from(values));
    fc.assert(
      fc.property(
        bytes,
        fc.array(fc.nat(1000), { maxLength: 20 }),
        fc.integer({ min: 1, max: 40 }),
        (content, cuts, limit) => {
          const whole = frame([content], limit);
          const cut = frame(cutAt(content, cuts), limit);
          expect(cut.lines).toEqual(whole.lines);
          expect(cut.oversize).toEqual(whole.oversize);
          expect(cut.framer.lineStart).toBe(content.lastIndexOf(10) + 1);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('covers every byte up to the last newline with ranges that join up', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        const content = noise.map((byte) => (byte < 40 ? 10 : byte));
        const { lines, oversize } = frame([content], 5);
        const ranges = [...lines.map(([, start, end]) => [start, end] as const), ...oversize].sort(
          ([a], [b]) => a - b,
        );
        let expected = 0;
        for (const [start, end] of ranges) {
          expect(start).toBe(expected);
          expected = end;
        }
        expect(expected).toBe(content.lastIndexOf(10) + 1);
      }),
    );
  });

  it.each([
    ['exactly the limit', 10, 1, 0],
    ['one byte more', 11, 0, 1],
  ])('treats a line of %s as it should', (_title, length, kept, skipped) => {
    const content = Buffer.from(`${'x'.repeat(length)}\nnext\n`);
    for (const pieces of [[content], cutAt(content, [5]), cutAt(content, [length])]) {
      const { lines, oversize } = frame(pieces, 10);
      expect(oversize).toEqual(skipped === 1 ? [[0, length + 1]] : []);
      expect(lines).toHaveLength(kept + 1);
      expect(lines.at(-1)).toEqual(['next', length + 1, length + 6]);
    }
  });

  it('holds nothing of a line that is too long, and reports it once', () => {
    const pieces = Array.from({ length: 1000 }, () => Buffer.alloc(1000, 'x'));
    const { lines, oversize } = frame([...pieces, Buffer.from('\nnext\n')], 5000);
    expect(oversize).toEqual([[0, 1_000_001]]);
    expect(lines).toEqual([['next', 1_000_001, 1_000_006]]);
  });

  it('knows whether the unfinished line ends in a NUL byte', () => {
    expect(frame([Buffer.from('a\nb\0')]).framer.endsInNul).toBe(true);
    expect(frame([Buffer.from('a\nb\0'), Buffer.from('c')]).framer.endsInNul).toBe(false);
    expect(frame([Buffer.from('a\0\n')]).framer.endsInNul).toBe(false);
  });

  it('searches each byte once, so that a long line costs no more per byte than a short one', () => {
    let searched = 0;
    const framer = new Framer(1 << 26, 0);
    const chunk = Buffer.alloc(1024, 'x');
    const original = chunk.indexOf.bind(chunk);
    chunk.indexOf = (value: string | number | Uint8Array, from?: number | BufferEncoding) => {
      searched += chunk.length - (typeof from === 'number' ? from : 0);
      return original(value, from as number);
    };
    const sink = { line: () => undefined, oversize: () => undefined };
    for (let index = 0; index < 4096; index += 1) framer.push(chunk, 0, 1024, index * 1024, sink);
    expect(searched).toBe(4096 * 1024);
  });
});
