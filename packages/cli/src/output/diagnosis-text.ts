import type {
  BackendReport,
  Diagnosis,
  Finding,
  FindingLevel,
  InotifyLimits,
  MachineReport,
  PlaceReport,
  WatchDemand,
} from '@watchkeeper/backends/doctor';

import type { Palette, Paint } from './palette.ts';
import { printableLine } from './printable.ts';
import { promiseLines } from './promise-text.ts';
import { table, type Row } from './table.ts';
import { wrap, wrapStep } from './wrap.ts';

/** Narrower than this, in characters, what follows a line is hardly indented. */
const NARROW = 60;

/** How a diagnosis is shown. */
interface Look {
  readonly palette: Palette;
  /** Width of the terminal, in characters. */
  readonly columns: number;
}

/**
 * A whole diagnosis for a person, in lines of at most so many characters; but what is to be copied, such as the path
 * at the head of a section, is never broken within a word.
 */
export function diagnosisText(
  { machine, places }: Diagnosis,
  palette: Palette,
  columns: number = Number.POSITIVE_INFINITY,
): string {
  const look = { palette, columns };
  return [
    section('This machine', machineRows(machine), machine.findings, look),
    ...places.map((place) => section(place.path, placeRows(place), place.findings, look)),
  ].join('\n');
}

function section(
  title: string,
  rows: readonly Row[],
  findings: readonly Finding[],
  look: Look,
): string {
  const safe = rows.map(([about, text]): Row => [about, printableLine(text)]);
  const lines = findings.map((finding) => findingText(finding, look)).join('');
  return `${look.palette.bold(printableLine(title))}\n${table(safe, look.columns)}${lines === '' ? '' : `\n${lines}`}`;
}

function findingText({ level, message, remedy }: Finding, { palette, columns }: Look): string {
  const paints: Readonly<Record<FindingLevel, Paint>> = {
    ok: palette.green,
    warning: palette.yellow,
    error: palette.red,
  };
  const mark = paints[level](level.padEnd('warning'.length));
  const beside = '  warning  '.length;
  const isNarrow = columns < NARROW;
  const hang = isNarrow ? 2 : beside;
  // A step stands apart from the message, and what is left of it apart from the next step, if there is room.
  const [stepIndent, stepHang] = isNarrow ? [4, 4] : [beside, beside + 2];
  const said = wrap(printableLine(message), columns - hang, { first: columns - beside });
  const steps = remedy.map((step) => {
    const lines = wrapStep(printableLine(step), columns - stepHang);
    return lines.map((line) => palette.cyan(line)).join(newLine(stepHang));
  });
  return `  ${mark}  ${[said.join(newLine(hang)), ...steps].join(newLine(stepIndent))}\n`;
}

function newLine(indent: number): string {
  return `\n${' '.repeat(indent)}`;
}

function machineRows({ system, limits, environment }: MachineReport): readonly Row[] {
  const { platform, arch, kernel, node, hints } = system;
  const { inotify, openFiles } = limits;
  return [
    ['system', `${platform} ${arch}, kernel ${kernel}, Node ${node}`],
    ...hints.map(({ kind, derivedFrom }): Row => ['runs in', `${kind} (seen by ${derivedFrom})`]),
    ...environment.map(({ name, value, status }): Row => [
      'variable',
      `${name}=${value} (${status})`,
    ]),
    ...(inotify === null ? [] : inotifyRows(inotify)),
    ...(openFiles === null ? [] : [openFilesRow(openFiles)]),
  ];
}

function inotifyRows({ watches, instances, queueLength, usage }: InotifyLimits): readonly Row[] {
  const used = (count: number | undefined): string =>
    count === undefined ? 'unknown how many' : String(count);
  const rows: Row[] = [
    ['inotify watches', `${used(usage?.watches)} in use, limit ${watches.max} (${watches.setBy})`],
    [
      'inotify instances',
      `${used(usage?.instances)} in use, limit ${instances.max} (${instances.setBy})`,
    ],
  ];
  if (usage !== null) {
    const { processes, unreadable } = usage;
    const rest = unreadable === 0 ? '' : `; ${unreadable} more may not be read`;
    rows.push([
      'counted over',
      `${counted(processes, 'process', 'processes')} of this user that can be seen here${rest}`,
    ]);
  }
  if (queueLength !== null) rows.push(['inotify queue', counted(queueLength, 'event', 'events')]);
  return rows;
}

function openFilesRow({
  soft,
  hard,
  used,
}: {
  readonly soft: number | null;
  readonly hard: number | null;
  readonly used: number | null;
}): Row {
  const now = soft === null ? 'no limit' : `limit ${soft}`;
  const more = hard === null ? 'without end' : `to ${hard}`;
  const open = used === null ? '' : `${used} in use by this process, `;
  return ['open files', `${open}${now}, may be raised ${more}`];
}

function placeRows({ subject, place, mount, backends, tree, probe }: PlaceReport): readonly Row[] {
  const { kind, realPath, link, directory, detail } = subject;
  const what = detail === null ? kind : `${kind} (${detail})`;
  const where = realPath ?? `nearest directory ${directory}`;
  return [
    ['path', `${what}, ${where}${link === null ? '' : `, a link to ${link}`}`],
    ['file system', `${place.fsType}, ${SHARED[String(place.shared)]}`],
    ...(mount === null ? [] : [mountRow(mount)]),
    ['names', `${CASE[String(place.caseSensitive)]}`],
    ...backends.flatMap(backendRows),
    ...(tree === null ? [] : [treeRow(tree)]),
    ...(probe.outcome === 'ran' && probe.openMs !== null
      ? [
          [
            'tried in',
            `${probe.directory} (removed), open after ${probe.openMs.toFixed(1)} ms`,
          ] as Row,
        ]
      : []),
  ];
}

const SHARED: Readonly<Record<string, string>> = {
  true: 'others than this kernel may write there',
  false: 'only this kernel writes there',
  unknown: 'who writes there is not known',
};

const CASE: Readonly<Record<string, string>> = {
  true: 'upper and lower case differ',
  false: 'upper and lower case are the same',
  unknown: 'whether case matters is not known',
};

function mountRow({ point, source, readOnly }: NonNullable<PlaceReport['mount']>): Row {
  return ['mount', `${source} on ${point}${readOnly ? ', read-only' : ''}`];
}

function backendRows(backend: BackendReport): readonly Row[] {
  const { name, role, because, version, capabilities, demand } = backend;
  const needs = demand === null ? '' : `; takes ${demandText(demand)}`;
  const installed = version === null ? 'not usable' : version;
  const rows: Row[] = [[name, `${role} (${installed}): ${because}${needs}`]];
  if (role !== 'chosen' || capabilities === null) return rows;
  for (const { about, text } of promiseLines(capabilities)) rows.push([`  ${about}`, text]);
  return rows;
}

function demandText({ watches, atLeast }: WatchDemand): string {
  if (watches === 0) return 'no watch';
  return `${atLeast ? 'at least ' : ''}${counted(watches, 'watch', 'watches')}`;
}

function treeRow({ directories, entries, stoppedBy }: NonNullable<PlaceReport['tree']>): Row {
  const least = stoppedBy === null ? '' : 'at least ';
  return [
    'size',
    `${least}${counted(directories, 'directory', 'directories')}, ${least}${counted(entries, 'entry', 'entries')}`,
  ];
}

/** A number with its noun. */
function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
