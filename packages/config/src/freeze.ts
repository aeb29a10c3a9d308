import { isDeepStrictEqual } from 'node:util';
import { isPlainObject } from './plain.ts';
import type { PlainObject } from './plain.ts';

function sameEntries(a: PlainObject, b: PlainObject): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && Object.is(a[key], b[key]))
  );
}

/**
 * A frozen copy of a value that reuses every subtree of `previous` that is equal, so that `===`
 * between generations means "unchanged". Plain objects and arrays are copied and frozen; class
 * instances are kept as they are, because freezing may break them.
 */
export function freezeShared(
  value: unknown,
  previous: unknown,
  seen: Map<object, unknown> = new Map(),
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  // Aliases of YAML may reach one object many times, and a schema may build a cycle.
  if (seen.has(value)) return seen.get(value);
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    seen.set(value, copy);
    const before: readonly unknown[] = Array.isArray(previous) ? previous : [];
    for (const [index, item] of value.entries()) {
      copy.push(freezeShared(item, before[index], seen));
    }
    const same =
      Array.isArray(previous) &&
      previous.length === copy.length &&
      copy.every((item, index) => Object.is(item, previous[index]));
    const result: unknown = same ? previous : Object.freeze(copy);
    seen.set(value, result);
    return result;
  }
  if (isPlainObject(value)) {
    const copy: Record<string, unknown> = {};
    seen.set(value, copy);
    const before: PlainObject = isPlainObject(previous) ? previous : {};
    for (const [key, item] of Object.entries(value)) {
      const shared = freezeShared(item, Object.hasOwn(before, key) ? before[key] : undefined, seen);
      Object.defineProperty(copy, key, { value: shared, enumerable: true });
    }
    const result = isPlainObject(previous) && sameEntries(copy, previous) ? previous : copy;
    if (result === copy) Object.freeze(copy);
    seen.set(value, result);
    return result;
  }
  return isDeepStrictEqual(value, previous) ? previous : value;
}
