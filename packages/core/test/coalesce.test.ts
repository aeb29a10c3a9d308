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

/** Every kind a name may show first; `remove` and what follows it is told apart by identity. */
const afterRemoval: readonly [what: string, later: Change, folded: ChangeKind][] = [
  ['the same file', change('create', 'f', { after: old }), 'modify'],
  ['another inode', change('create', 'f', { after: young }), 'replace'],
  [
    'the same inode, born again',
    change('create', 'f', { after: { ...old, birthtimeNs: old.birthtimeNs + 1n } }),
    'replace',
  ],
  ['another type', change('create', 'f', { after: { ...old, type: 'directory' } }), 'replace'],
];

describe('a creation after a removal', () => {
  it.each(afterRemoval)('by %s', (_, later, folded) => {
    expect(coalesce(change('remove'), later)?.kind).toBe(folded);
  });

  it('and changes and a removal after it are still one removal', () => {
    const pending = new Map<string, Change>();
    for (const kind of ['remove', 'create', 'modify', 'attributes', 'remove'] as const) {
      fold(pending, change(kind));
    }
    expect([...pending.values()]).toMatchObject([{ kind: 'remove', before: old, after: null }]);
  });

  it('stays a replacement whatever follows, so that a reader starts again', () => {
    const pending = new Map<string, Change>();
    fold(pending, change('remove'));
    fold(pending, change('create', 'f', { after: young }));
    fold(pending, change('modify', 'f', { before: young, after: young }));
    fold(pending, change('attributes', 'f', { before: young, after: young }));
    expect(pending.get('f')).toMatchObject({ kind: 'replace', before: old, after: young });
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
