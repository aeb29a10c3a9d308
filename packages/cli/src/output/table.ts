import { wrap } from './wrap.ts';

/** One line of a table: what it is about, and what is to be said. */
export type Row = readonly [about: string, text: string];

/** Fewer characters than this beside the first column are too few: then the text stands below. */
const LEAST_BESIDE = 30;

const INDENT = '  ';

/** Lines of two columns, the second aligned, all indented, and none wider than so many characters. */
export function table(rows: readonly Row[], columns: number = Number.POSITIVE_INFINITY): string {
  const width = Math.max(0, ...rows.map(([about]) => about.length));
  const hang = INDENT.length + width + 2;
  const isBeside = columns - hang >= LEAST_BESIDE;
  const line = ([about, text]: Row): string => {
    if (isBeside) {
      const lines = wrap(text, columns - hang).join(`\n${' '.repeat(hang)}`);
      return `${INDENT}${about.padEnd(width)}  ${lines}\n`;
    }
    const own = about.length - about.trimStart().length;
    const below = `\n${' '.repeat(own + 2 * INDENT.length)}`;
    return `${INDENT}${about}${below}${wrap(text, columns - below.length + 1).join(below)}\n`;
  };
  return rows.map(line).join('');
}
