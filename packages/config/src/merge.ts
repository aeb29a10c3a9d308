import { isPlainObject } from './plain.ts';
import type { PlainObject } from './plain.ts';

function copyOf(value: unknown): unknown {
  return isPlainObject(value) ? merge({}, value) : value;
}

/**
 * Lays `over` on `under`: objects are merged key by key, anything else is replaced whole, arrays too.
 * Neither argument is changed.
 */
export function merge(under: PlainObject, over: PlainObject): PlainObject {
  const merged = new Map<string, unknown>(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    const below = merged.get(key);
    merged.set(
      key,
      isPlainObject(below) && isPlainObject(value) ? merge(below, value) : copyOf(value),
    );
  }
  // `fromEntries` defines properties, so no key can reach a setter of a prototype.
  return Object.fromEntries(merged);
}
