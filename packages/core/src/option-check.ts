import { inspect } from 'node:util';

/** Longest text of a wrong value that is shown: enough to recognise it. */
const SHOWN_LENGTH = 80;

/** A wrong value, as a message shows it. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return inspect(value, { depth: 0, breakLength: Infinity, maxStringLength: SHOWN_LENGTH });
}

/** The error of an option that is not what it must be. */
export function refuse(name: string, wanted: string, value: unknown): TypeError {
  return new TypeError(`Option ${name} must be ${wanted}, got ${show(value)}`);
}

/**
 * Checks that a value is an object with no other options than these: a misspelt option must not be
 * taken for one that was left out.
 */
export function checkKeys(of: string, value: object, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`Options of ${of} must be an object, got ${show(value)}`);
  }
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new TypeError(`Options of ${of} must be among ${known.join(', ')}, got ${show(unknown)}`);
}

/** Some words to choose from, as a message shows them. */
export function quoted(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(' or ');
}

/** Checks that an option, where it is given, is one of some words. */
export function oneOf<T extends string>(
  name: string,
  value: T | undefined,
  fallback: T,
  allowed: readonly T[],
): T {
  if (value === undefined) return fallback;
  if (!allowed.includes(value)) {
    throw refuse(name, quoted(allowed), value);
  }
  return value;
}
