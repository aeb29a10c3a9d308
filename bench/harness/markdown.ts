/** How a column of a table is aligned. */
export type Alignment = 'left' | 'right';

/** One column. */
export interface Column {
  readonly title: string;
  readonly align: Alignment;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** A table in Markdown whose columns line up in the source, too. */
export function markdownTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) => row.map(cell));
  const widths = columns.map((_, index) =>
    Math.max(3, ...cells.map((row) => (row[index] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    `| ${columns
      .map(({ align }, index) => {
        const text = row[index] ?? '';
        const width = widths[index] ?? 0;
        return align === 'right' ? text.padStart(width) : text.padEnd(width);
      })
      .join(' | ')} |`;
  const rule = columns.map(({ align }, index) =>
    '-'.repeat((widths[index] ?? 3) - 1).concat(align === 'right' ? ':' : '-'),
  );
  const [head = [], ...body] = cells;
  return [line(head), line(rule), ...body.map(line)].join('\n');
}
