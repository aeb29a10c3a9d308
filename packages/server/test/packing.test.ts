import type { ChangeItem } from '@watchkeeper/session';
import { describe, expect, it } from 'vitest';

import { cutMessage, jsonBytes } from '../src/cut-message.ts';
import { pack, toWireItem } from '../src/packing.ts';
import { prompt } from './support/memory-sessions.ts';

function row(seq: number, text: string): ChangeItem {
  return { t: 'put', seq, rev: 1, key: `k${seq}`, retained: false, message: prompt(text) };
}

describe('packing rows into frames', () => {
  it('starts a new frame after so many rows', () => {
    const rows = Array.from({ length: 5 }, (_, index) => row(index + 1, 'x'));
    const frames = [...pack('s', rows, { items: 2, bytes: 1e6 })];
    expect(frames.map(({ items }) => items.length)).toEqual([2, 2, 1]);
    expect(frames.map(({ last }) => last.seq)).toEqual([2, 4, 5]);
  });

  it('starts a new frame before one grows too large, and keeps every row in order', () => {
    const rows = Array.from({ length: 40 }, (_, index) => row(index + 1, 'é'.repeat(index * 40)));
    const limit = { items: 1000, bytes: 20_000 };
    const frames = [...pack('s', rows, limit)];
    expect(frames.length).toBeGreaterThan(2);
    for (const { items } of frames) {
      const bytes = items.reduce((sum, item) => sum + jsonBytes(item), 0);
      expect(bytes).toBeLessThanOrEqual(limit.bytes);
    }
    expect(frames.flatMap(({ items }) => items)).toEqual(rows);
  });

  it('makes no frame of nothing', () => {
    expect([...pack('s', [], { items: 2, bytes: 100 })]).toEqual([]);
  });
});

describe('a row that is too large', () => {
  it('is cut, says so, and links to the whole', () => {
    const item = row(7, 'y'.repeat(3_000_000));
    const wire = toWireItem('a b', item, 256 * 1024);
    expect(wire).toMatchObject({
      t: 'put',
      seq: 7,
      key: 'k7',
      truncated: true,
      bytes: jsonBytes(item),
      href: '/api/v1/sessions/a%20b/messages/7',
      message: { kind: 'user-prompt', lineIndex: 0 },
    });
    expect(jsonBytes(wire)).toBeLessThanOrEqual(256 * 1024);
  });

  it('is left alone when it fits, and when it is a deletion', () => {
    const item = row(7, 'y');
    expect(toWireItem('s', item, 256 * 1024)).toBe(item);
    const gone: ChangeItem = { t: 'del', seq: 7, rev: 2, key: 'k'.repeat(100) };
    expect(toWireItem('s', gone, 10)).toBe(gone);
  });

  it('keeps its shape: texts and lists only get shorter', () => {
    const message = prompt('z'.repeat(100_000));
    const cut = cutMessage(message, 60_000);
    expect(Object.keys(cut)).toEqual(Object.keys(message));
    expect(cut['text']).toMatch(/^z{16384}…$/);
  });

  it('is reduced to its kind and place when nothing else helps', () => {
    expect(cutMessage(prompt('text', 3), 40)).toEqual({ kind: 'user-prompt', lineIndex: 3 });
  });

  it('survives values nested deeper than any stack', () => {
    let input: unknown = 'leaf';
    for (let depth = 0; depth < 200; depth += 1) input = { input };
    const message = { ...prompt('x'), extra: input };
    expect(jsonBytes(cutMessage(message, 2000))).toBeLessThanOrEqual(2000);
  });
});
