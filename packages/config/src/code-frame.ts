import type { Position } from './errors.ts';

/** Lines shown before the marked one: enough to see the enclosing key. */
const LINES_BEFORE = 2;
/** Lines shown after it. */
const LINES_AFTER = 1;
/** Widest line shown: fits a terminal beside the line numbers; longer lines are cut around the column. */
const WIDTH = 96;

/** The position of an offset in a text. */
export function positionAt(text: string, offset: number): Position {
  const until = Math.max(0, Math.min(offset, text.length));
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < until; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: until - start + 1, offset: until };
}

/** The offset of a line and column in a text, both from 1. */
export function offsetAt(text: string, line: number, column: number): number {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const end = text.indexOf('\n', start);
    if (end === -1) break;
    start = end + 1;
  }
  return Math.min(start + column - 1, text.length);
}

/**
 * The lines around a position, numbered, with a caret under the column. Tabs become single spaces so
 * that the caret stands where it should.
 */
export function codeFrame(text: string, position: Position): string {
  const lines = text.split(/\r?\n/u);
  const first = Math.max(1, position.line - LINES_BEFORE);
  const last = Math.min(lines.length, position.line + LINES_AFTER);
  const gutter = String(last).length;
  const cut = Math.max(0, position.column - 1 - Math.floor(WIDTH / 2));
  const from = (lines[position.line - 1]?.length ?? 0) > WIDTH ? cut : 0;
  const frame: string[] = [];
  for (let line = first; line <= last; line++) {
    const shown = (lines[line - 1] ?? '').slice(from, from + WIDTH).replaceAll('\t', ' ');
    const mark = line === position.line ? '>' : ' ';
    frame.push(`${mark} ${String(line).padStart(gutter)} | ${shown}`.trimEnd());
    if (line === position.line) {
      frame.push(`  ${' '.repeat(gutter)} | ${' '.repeat(position.column - 1 - from)}^`);
    }
  }
  return frame.join('\n');
}
