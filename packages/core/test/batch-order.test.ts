import { describe, expect, it } from 'vitest';
import { orderBatch } from '../src/batch-order.ts';
import type { Change, ChangeKind } from '../src/change.ts';

function change(kind: ChangeKind, path: string): Change {
  return { kind, path, before: null, after: null, origin: 'event' };
}

describe('orderBatch', () => {
  it('puts removals deepest first, then what is new shallowest first, then modifications', () => {
    const ordered = orderBatch([
      change('modify', 'm'),
      change('create', 'new/deep/file'),
      change('remove', 'old'),
      change('attributes', 'a'),
      change('replace', 'new/deep'),
      change('rename', 'r'),
      change('remove', 'old/deep/file'),
      change('create', 'new'),
      change('remove', 'old/deep'),
    ]);
    expect(ordered.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'remove old/deep/file',
      'remove old/deep',
      'remove old',
      'rename r',
      'create new',
      'replace new/deep',
      'create new/deep/file',
      'modify m',
      'attributes a',
    ]);
  });

  it('keeps the order of equals', () => {
    const ordered = orderBatch([
      change('create', 'b'),
      change('create', 'a'),
      change('create', 'c'),
    ]);
    expect(ordered.map(({ path }) => path)).toEqual(['b', 'a', 'c']);
  });
});
