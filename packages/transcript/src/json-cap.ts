import { cleanString, cutString, textOf } from './fields.ts';
import type { Cuts } from './fields.ts';
import { MAX_DEPTH, MAX_FIELD_CHARS, MAX_VALUES } from './limits.ts';

/**
 * Copies a JSON value within the caps on depth, number of values and string length; what is beyond
 * becomes `null` or is left out, and is remembered in `cuts`.
 */
export function capJson(value: unknown, cuts: Cuts): unknown {
  return capValue(value, 0, { left: MAX_VALUES }, cuts);
}

interface Budget {
  left: number;
}

function capValue(value: unknown, depth: number, budget: Budget, cuts: Cuts): unknown {
  if (typeof value === 'string') return textOf(value, cuts);
  // Neither infinity (from `1e999`) nor minus zero survives being written as JSON.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return null;
  if (depth === MAX_DEPTH) {
    cuts.any = true;
    return null;
  }
  return Array.isArray(value)
    ? capArray(value, depth, budget, cuts)
    : capObject(value, depth, budget, cuts);
}

function capArray(
  values: readonly unknown[],
  depth: number,
  budget: Budget,
  cuts: Cuts,
): readonly unknown[] {
  const kept: unknown[] = [];
  for (const value of values) {
    if (!take(budget, cuts)) break;
    kept.push(capValue(value, depth + 1, budget, cuts));
  }
  return kept;
}

function capObject(object: object, depth: number, budget: Budget, cuts: Cuts): object {
  const kept: [string, unknown][] = [];
  for (const [key, value] of Object.entries(object)) {
    if (!take(budget, cuts)) break;
    kept.push([capKey(key, cuts), capValue(value, depth + 1, budget, cuts)]);
  }
  // Defines own properties, so a key `__proto__` stays a plain entry.
  return Object.fromEntries(kept);
}

function capKey(key: string, cuts: Cuts): string {
  if (key.length <= MAX_FIELD_CHARS) return cleanString(key);
  cuts.any = true;
  return cleanString(cutString(key, MAX_FIELD_CHARS));
}

function take(budget: Budget, cuts: Cuts): boolean {
  if (budget.left === 0) {
    cuts.any = true;
    return false;
  }
  budget.left -= 1;
  return true;
}
