import { describe, expect, it } from 'vitest';
import type { Change, ChangeKind } from '../src/change.ts';
import { coalesce, fold } from '../src/coalesce.ts';
import { stat } from './support/stat.ts';

const old = stat({ ino: 1n });
const young = stat({ ino: 2n });

function change(kind: ChangeKind, path = 'f', fields: Partial<Change> = {}): Change {
  const before = kind === 'create' ? null : old;
  const after = kind === 'remove' ? null : kind === 'replace' ? young : old;
  return { kind, path, before, after, origin: 'event', ...fields };
}

const table: readonly [earlier: ChangeKind, later: ChangeKind, folded: ChangeKind | null][] = [
  ['create', 'modify', 'create'],
  ['create', 'attributes', 'create'],
  ['create', 'replace', 'create'],
  ['create', 'remove', null],
  ['modify', 'modify', 'modify'],
  ['modify', 'attributes', 'modify'],
  ['attributes', 'modify', 'modify'],
  ['attributes', 'attributes', 'attributes'],
  ['modify', 'replace', 'replace'],
  ['attributes', 'replace', 'replace'],
  ['replace', 'modify', 'replace'],
  ['replace', 'attributes', 'replace'],
  ['replace', 'replace', 'replace'],
  ['modify', 'remove', 'remove'],
  ['attributes', 'remove', 'remove'],
  ['replace', 'remove', 'remove'],
];

describe('coalesce', () => {
  it.each(table)('folds %s and %s into %s', (earlier, later, folded) => {
    expect(coalesce(change(earlier), change(later))?.kind ?? null).toBe(folded);
  });

  it('keeps the first stat before and the last stat after', () => {
    const last = stat({ size: 9n });
    const folded = coalesce(
      change('modify', 'f', { before: old }),
      change('modify', 'f', { after: last }),
    );
    expect(folded).toMatchObject({ before: old, after: last });
  });

  it('calls a removal and a creation a replacement when another file took the name', () => {
    const folded = coalesce(change('remove'), change('create', 'f', { after: young }));
    expect(folded).toMatchObject({ kind: 'replace', before: old, after: young });
  });

  it('calls a removal and a return of the same file a modification', () => {
    expect(coalesce(change('remove'), change('create', 'f', { after: old }))?.kind).toBe('modify');
  });
});

describe('fold', () => {
  it('keeps at most one change per path and forgets what was undone', () => {
    const pending = new Map<string, Change>();
    fold(pending, change('create', 'a'));
    fold(pending, change('create', 'b'));
    fold(pending, change('modify', 'a'));
    fold(pending, change('remove', 'b'));
    expect([...pending.values()].map(({ kind, path }) => [kind, path])).toEqual([['create', 'a']]);
  });
});
