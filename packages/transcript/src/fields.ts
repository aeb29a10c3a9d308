import { MAX_FIELD_CHARS, MAX_ID_CHARS, MAX_TEXT_CHARS } from './limits.ts';

/** A JSON object whose fields may be anything. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * What the long texts of a record must be searched for. Each search passes over the whole text, so
 * it is left out where one look at the line tells that there is nothing to find.
 */
export type Impurity = 'none' | 'surrogates' | 'surrogates-and-nul';

/** The state of reading one record. */
export interface Reading {
  /** What its strings may hold. */
  readonly impurity: Impurity;
  /** A cap cut something. */
  cut: boolean;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

/** A number that JSON can hold: `1e999` parses to infinity, which does not survive being written again. */
export function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A string without lone surrogates (UTF-8 cannot hold them) and without NUL (PostgreSQL cannot). */
export function cleanString(value: string): string {
  const wellFormed = value.isWellFormed() ? value : value.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\uFFFD') : wellFormed;
}

/** The first `max` units of a string, without half a surrogate pair at the end. */
export function cutString(value: string, max: number): string {
  const last = value.charCodeAt(max - 1);
  return value.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}

/** A text of any length; one beyond the cap is cut and remembered. */
export function textOf(value: unknown, reading: Reading): string | null {
  if (typeof value !== 'string') return null;
  let text = value;
  if (text.length > MAX_TEXT_CHARS) {
    reading.cut = true;
    text = cutString(text, MAX_TEXT_CHARS);
  }
  if (reading.impurity === 'none') return text;
  if (reading.impurity === 'surrogates') return text.isWellFormed() ? text : text.toWellFormed();
  return cleanString(text);
}

/** A short string: a name, a path, a time. */
export function fieldOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  return cleanString(value.length <= MAX_FIELD_CHARS ? value : cutString(value, MAX_FIELD_CHARS));
}

/** An identifier; never cut, since two cut identifiers could become one. */
export function idOf(value: unknown): string | null {
  if (typeof value !== 'string' || value === '' || value.length > MAX_ID_CHARS) return null;
  return cleanString(value);
}
