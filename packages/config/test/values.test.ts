import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalHash } from '../src/canonical.ts';
import { codeFrame, offsetAt, positionAt } from '../src/code-frame.ts';
import { affects, diff } from '../src/diff.ts';
import { freezeShared } from '../src/freeze.ts';
import { valueAt } from '../src/key-path.ts';
import { merge } from '../src/merge.ts';
import { isPlainObject } from '../src/plain.ts';
import type { ChangeOp } from '../src/snapshot.ts';

const settings = fc.dictionary(
  fc.string({ maxLength: 4 }).filter((key) => key !== '__proto__'),
  fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      fc.integer(),
      fc.string({ maxLength: 3 }),
      fc.constant(null),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('tree')),
    ),
  })).tree,
);

/** Applies a diff, to show that it says everything. */
function patched(value: Record<string, unknown>, ops: readonly ChangeOp[]): unknown {
  const copy = structuredClone(value);
  for (const { op, path, to } of ops) {
    const last = path.at(-1);
    if (last === undefined) return to;
    let at = copy;
    for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
    if (op === 'remove') delete at[last];
    else at[last] = to;
  }
  return copy;
}

describe('merging', () => {
  test('goes key by key through objects and replaces everything else', () => {
    const date = new Date(0);
    expect(
      merge(
        { a: { x: 1, y: 1 }, list: [1, 2], gone: { z: 1 }, kept: date },
        { a: { y: 2 }, list: [3], gone: null },
      ),
    ).toEqual({ a: { x: 1, y: 2 }, list: [3], gone: null, kept: date });
  });

  test('changes neither side and shares no object that could be changed', () => {
    fc.assert(
      fc.property(settings, settings, (under, over) => {
        const before = structuredClone([under, over]);
        const merged = merge(under, over);
        expect([under, over]).toEqual(before);
        for (const key of Object.keys(over)) {
          expect(isPlainObject(over[key]) && merged[key] === over[key]).toBe(false);
        }
      }),
    );
  });

  test('defines a key called __proto__ and sets no prototype', () => {
    const merged = merge({}, JSON.parse('{"__proto__": {"polluted": 1}}') as object as never);
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(Object.keys(merged)).toEqual(['__proto__']);
  });
});

describe('freezing', () => {
  test('copies, freezes at every level, and keeps what is equal', () => {
    fc.assert(
      fc.property(settings, settings, (first, second) => {
        const one = freezeShared(first, undefined) as Record<string, unknown>;
        const two = freezeShared(second, one) as Record<string, unknown>;
        expect(two).toEqual(second);
        expect(Object.isFrozen(two)).toBe(true);
        expect(freezeShared(structuredClone(second), two)).toBe(two);
        for (const key of Object.keys(two)) {
          const same = Object.hasOwn(one, key) && diff(one[key], two[key]).length === 0;
          expect(same && two[key] !== one[key]).toBe(false);
        }
      }),
    );
  });

  test('leaves the caller’s own objects alone, and instances whole', () => {
    const given = { list: [{ a: 1 }], url: new URL('https://example.org') };
    const frozen = freezeShared(given, undefined) as typeof given;
    expect(Object.isFrozen(given.list)).toBe(false);
    expect(frozen.url).toBe(given.url);
  });

  test('survives aliases and cycles', () => {
    const shared = { a: 1 };
    const value: Record<string, unknown> = { one: shared, two: shared };
    value['self'] = value;
    const frozen = freezeShared(value, undefined) as typeof value;
    expect(frozen['one']).toBe(frozen['two']);
    expect(frozen['self']).toBe(frozen);
    expect(canonicalHash(frozen)).toBe(canonicalHash(frozen));
  });
});

describe('the canonical hash', () => {
  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(settings, (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalHash(turned)).toBe(canonicalHash(value));
      }),
    );
  });

  test('tells different values apart, also those JSON cannot', () => {
    const values = [
      null,
      0,
      -0,
      1,
      '1',
      1n,
      [1],
      [[1]],
      { a: 1 },
      { a: '1' },
      { a: undefined },
      {},
      new Date(1),
      new Date(2),
      new Map([['a', 1]]),
      new Set(['a']),
      Uint8Array.of(1),
      /a/u,
      new URL('https://example.org'),
    ];
    expect(new Set(values.map(canonicalHash)).size).toBe(values.length);
  });
});

describe('differences', () => {
  test('lead from one value to the other', () => {
    fc.assert(
      fc.property(settings, settings, (from, to) => {
        expect(patched(from, diff(from, to))).toEqual(to);
      }),
    );
  });

  test.each([
    ['log', true],
    ['log.level', true],
    ['log.level.deep', true],
    ['lo', false],
    ['logx', false],
    ['foo', true],
    ['foo.x', true],
    ['foo.y', false],
    ['foobar', true],
  ])('affect %s: %s', (path, expected) => {
    const ops = diff(
      { log: { level: 1 }, foobar: 1, foo: { x: 1, y: 1 } },
      { log: { level: 2 }, foobar: 2, foo: { x: 2, y: 1 } },
    );
    expect(affects(ops, path)).toBe(expected);
  });
});

describe('paths', () => {
  test.each([
    ['a', { b: [1] }],
    ['a.b', [1]],
    ['a.c', undefined],
    ['a.b.c.d', undefined],
    ['a.toString', undefined],
  ])('%s', (path, expected) => {
    expect(valueAt({ a: { b: [1] } }, path)).toEqual(expected);
  });
});

describe('code frames', () => {
  const text = 'one\ntwo\nthree\nfour\nfive\n';
  test('show two lines before, the marked one, and one after', () => {
    expect(codeFrame(text, positionAt(text, 10))).toBe(
      '  1 | one\n  2 | two\n> 3 | three\n    |   ^\n  4 | four',
    );
  });

  test('cut long lines around the column', () => {
    const long = `${'x'.repeat(500)}!${'y'.repeat(500)}`;
    const frame = codeFrame(long, positionAt(long, 500)).split('\n');
    expect(Math.max(...frame.map((line) => line.length))).toBeLessThan(110);
    expect(frame[0]![frame[1]!.indexOf('^')]).toBe('!');
  });

  test('offsets and positions are each other’s inverse', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (given, at) => {
        const offset = given.length === 0 ? 0 : at % (given.length + 1);
        const { column, line } = positionAt(given, offset);
        expect(offsetAt(given, line, column)).toBe(offset);
      }),
    );
  });
});
