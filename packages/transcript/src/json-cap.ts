import { cleanString, cutString, textOf } from './fields.ts';
import type { Reading } from './fields.ts';
import { MAX_DEPTH, MAX_FIELD_CHARS, MAX_VALUES } from './limits.ts';

/**
 * Copies a JSON value within the caps on depth, number of values and string length; what is beyond
 * becomes `null` or is left out, and is remembered in `reading`.
 */
export function capJson(value: unknown, reading: Reading): unknown {
  return capValue(value, 0, { left: MAX_VALUES }, reading);
}

interface Budget {
  left: number;
}

function capValue(value: unknown, depth: number, budget: Budget, reading: Reading): unknown {
  if (typeof value === 'string') return textOf(value, reading);
  // Neither infinity (from `1e999`) nor minus zero survives being written as JSON.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return null;
  if (depth === MAX_DEPTH) {
    reading.cut = true;
    return null;
  }
  return Array.isArray(value)
    ? capArray(value, depth, budget, reading)
    : capObject(value, depth, budget, reading);
}

function capArray(
  values: readonly unknown[],
  depth: number,
  budget: Budget,
  reading: Reading,
): readonly unknown[] {
  const kept: unknown[] = [];
  for (const value of values) {
    if (!take(budget, reading)) break;
    kept.push(capValue(value, depth + 1, budget, reading));
  }
  return kept;
}

function capObject(object: object, depth: number, budget: Budget, reading: Reading): object {
  const kept: [string, unknown][] = [];
  for (const [key, value] of Object.entries(object)) {
    if (!take(budget, reading)) break;
    kept.push([capKey(key, reading), capValue(value, depth + 1, budget, reading)]);
  }
  // Defines own properties, so a key `__proto__` stays a plain entry.
  return Object.fromEntries(kept);
}

function capKey(key: string, reading: Reading): string {
  if (key.length <= MAX_FIELD_CHARS) return cleanString(key);
  reading.cut = true;
  return cleanString(cutString(key, MAX_FIELD_CHARS));
}

function take(budget: Budget, reading: Reading): boolean {
  if (budget.left === 0) {
    reading.cut = true;
    return false;
  }
  budget.left -= 1;
  return true;
}
