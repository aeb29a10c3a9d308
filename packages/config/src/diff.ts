import { isDeepStrictEqual } from 'node:util';
import { isPlainObject } from './plain.ts';
import type { ChangeOp } from './snapshot.ts';

/**
 * What changed between two values, in the order of keys. Objects are walked, everything else is
 * compared whole; subtrees that are the same object are not entered.
 */
export function diff(from: unknown, to: unknown, path: readonly string[] = []): ChangeOp[] {
  if (Object.is(from, to)) return [];
  if (isPlainObject(from) && isPlainObject(to)) {
    const ops: ChangeOp[] = [];
    for (const key of Object.keys(from)) {
      const at = [...path, key];
      if (Object.hasOwn(to, key)) ops.push(...diff(from[key], to[key], at));
      else ops.push({ op: 'remove', path: at, from: from[key] });
    }
    for (const key of Object.keys(to)) {
      if (!Object.hasOwn(from, key)) ops.push({ op: 'add', path: [...path, key], to: to[key] });
    }
    return ops;
  }
  return isDeepStrictEqual(from, to) ? [] : [{ op: 'replace', path, from, to }];
}

/** Whether the value at a dotted path, one above it or one below it is among the changes. */
export function affects(ops: readonly ChangeOp[], path: string): boolean {
  const keys = path.split('.');
  return ops.some((op) => op.path.slice(0, keys.length).every((key, index) => key === keys[index]));
}
