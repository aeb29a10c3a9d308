/* oxlint-disable no-control-regex -- control characters are what this file is about */

/**
 * Escape sequences of terminals (ECMA-48): control sequences, strings such as OSC 8 and OSC 52 with
 * their terminators, and two-character escapes.
 */
const ESCAPE_SEQUENCES =
  /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|(?:\u001B[\]PX^_]|[\u009D\u0090\u0098\u009E\u009F])[^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)?|\u001B[ -/]*[0-~]/g;

/** Characters that move the cursor, ring, or change the direction of what follows. */
const CONTROLS =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g;

/**
 * Makes text of a transcript safe to print: escape sequences go, other control and direction
 * characters become visible. Newlines and tabs stay.
 */
export function printable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(ESCAPE_SEQUENCES, '')
    .replaceAll(CONTROLS, visible);
}

/** {@link printable} on one line of at most so many characters. */
export function printableLine(text: string, maxLength: number = Number.POSITIVE_INFINITY): string {
  const line = printable(text).replaceAll(/\s+/g, ' ').trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`;
}

/** The Unicode picture of a control character, or its number. */
function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
