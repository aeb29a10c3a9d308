import type { Group, Measure } from './group.ts';
import { markdownTable } from './markdown.ts';
import type { GroupResult, Row } from './results.ts';
import { growthOf, summarize, type Line, type Verdict } from './summary.ts';

/** A figure with three digits that count, without an exponent. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 100) return Math.round(value).toLocaleString('en-US');
  if (magnitude >= 10) return value.toFixed(1);
  return value.toFixed(magnitude >= 1 ? 2 : 3).replace(/^-?0\.?0*$/, '0');
}

const COLUMNS = [
  { title: 'work', align: 'left' },
  { title: 'size', align: 'right' },
  { title: 'contestant', align: 'left' },
  { title: 'median', align: 'right' },
  { title: 'p99', align: 'right' },
  { title: 'min to max', align: 'right' },
  { title: 'ratio to limit', align: 'right' },
  { title: 'bar', align: 'left' },
  { title: 'met', align: 'left' },
] as const;

function unitOf({ unit }: Measure): string {
  return unit === 'lost' ? '' : ` ${unit}`;
}

/** A bar in words: `p99 ≤ 5 ms`, `≤ 1.5 x fs.watch`. */
function describeBar({ bar }: Verdict, measure: Measure): string {
  const which = bar.key === measure.key ? '' : 'p99 ';
  const most =
    bar.times === undefined ? `${bar.atMost}${unitOf(measure)}` : `${bar.atMost} x ${bar.times}`;
  return `${which}≤ ${most}`;
}

function describeVerdict({ bar, reached, met }: Verdict, measure: Measure): string {
  if (reached === null) return 'not measured';
  const figure = formatNumber(reached) + (bar.times === undefined ? unitOf(measure) : ' x');
  return met ? `yes (${figure})` : `**no** (${figure})`;
}

function tableRow(line: Line): string[] {
  const { contestant, measure, p99, ratio, size, value, verdicts } = line;
  const name = { baseline: '', limit: ' (limit)', ours: '', peer: '' }[contestant.role];
  const figures =
    value === null
      ? ['none', '', '']
      : [
          `${formatNumber(value.median)}${unitOf(measure)}`,
          p99 === null ? '' : `${formatNumber(p99)}${unitOf(measure)}`,
          value.min === value.max ? '' : `${formatNumber(value.min)} to ${formatNumber(value.max)}`,
        ];
  return [
    measure.label,
    size.toLocaleString('en-US'),
    contestant.role === 'ours' ? `**${contestant.name}**` : contestant.name + name,
    ...figures,
    ratio === null ? '' : `${formatNumber(ratio)} x`,
    verdicts.map((verdict) => describeBar(verdict, measure)).join('; '),
    verdicts.map((verdict) => describeVerdict(verdict, measure)).join('; '),
  ];
}

function growthTable(group: Group, result: GroupResult): string[] {
  const growth = growthOf(group, result.rows);
  if (growth.length === 0) return [];
  const contestants = [...new Set(growth.map(({ contestant }) => contestant))];
  const measures = [...new Set(growth.map(({ measure }) => measure))];
  const cell = (name: string, measure: Measure): string => {
    const found = growth.find((one) => one.contestant === name && one.measure === measure);
    return typeof found?.exponent === 'number' ? formatNumber(found.exponent) : '';
  };
  const rows = contestants.map((name) =>
    [name].concat(measures.map((measure) => cell(name, measure))),
  );
  const columns = [
    { title: 'slope', align: 'left' as const },
    ...measures.map(({ label }) => ({ title: label, align: 'right' as const })),
  ];
  return [
    `How the cost grows with the size (${group.sizeOf}): 0 stays, 1 grows as the size does.`,
    markdownTable(columns, rows),
  ];
}

function failures(rows: readonly Row[]): string[] {
  return rows.flatMap(({ contestant, failed, round, size }) =>
    failed === undefined
      ? []
      : [`- **${contestant} failed** at size ${size}, round ${round}: ${failed.split('\n')[0]}`],
  );
}

/** Whether a line says anything: that nothing was lost goes without saying where there is no bar. */
function isTelling({ measure, value, verdicts }: Line): boolean {
  return measure.unit !== 'lost' || value?.max !== 0 || verdicts.length > 0;
}

/** The section of one group. */
export function describeGroup(group: Group, result: GroupResult): string {
  const { machine, versions } = result;
  const lines = summarize(group, result.rows);
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const revision = `revision ${machine.revision}${result.measured === 'source' ? ' (sources, not built)' : ''}`;
  const rounds = `${result.rounds} interleaved rounds, seed ${result.seed}, ${formatNumber(result.seconds)} s`;
  const facts = [
    `${result.date.slice(0, 10)}; ${rounds}${result.quick ? ', quick' : ''}; ${revision}`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GiB; ${machine.kernel}; ${machine.fileSystem}; Node ${machine.node.slice(1)}`,
    ...(peers.length === 0 ? [] : [peers.join(', ')]),
  ];
  const notes = [...group.notes.map((note) => `- ${note}`), ...failures(result.rows)];
  return [
    `## ${group.name}`,
    `${group.title} Size: ${group.sizeOf}.`,
    facts.map((fact) => `- ${fact}`).join('\n'),
    markdownTable(COLUMNS, lines.filter(isTelling).map(tableRow)),
    ...growthTable(group, result),
    notes.join('\n'),
  ].join('\n\n');
}

/** The page of all groups that were run. */
export function describeResults(
  sections: readonly { readonly group: Group; readonly result: GroupResult }[],
): string {
  const intro =
    'Written by `pnpm bench`; [README.md](README.md) says what the columns mean. All figures of a group come from one run on one machine, side by side; compare ratios, not figures of different runs.';
  const pages = sections.map(({ group, result }) => describeGroup(group, result));
  return `${['# Results', intro, ...pages].join('\n\n')}\n`;
}
