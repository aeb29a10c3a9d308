/** One line of a table: what it is about, and what is to be said. */
export type Row = readonly [about: string, text: string];

/** Lines of two columns, the second aligned, all indented. */
export function table(rows: readonly Row[], indent = '  '): string {
  const width = Math.max(0, ...rows.map(([about]) => about.length));
  return rows.map(([about, text]) => `${indent}${about.padEnd(width)}  ${text}\n`).join('');
}
