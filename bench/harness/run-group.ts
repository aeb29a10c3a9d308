import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Arguments } from './arguments.ts';
import type { Entry } from './build.ts';
import type { Group, Size } from './group.ts';
import { formatNumber } from './report.ts';
import type { Row } from './results.ts';
import { runRound, type Performance } from './round.ts';

/** What is run of a group. */
export type Selection = Pick<Arguments, 'sizes' | 'only' | 'rounds' | 'seed' | 'quick'>;

/** The sizes to run; asked for by number they all have the full rounds. */
export function selectSizes(group: Group, sizes: readonly number[]): readonly Size[] {
  return sizes.length === 0 ? group.sizes : sizes.map((size) => ({ size }));
}

/** The contestants to run, in the group's order. The baseline always runs along: memory is nothing without it. */
export function selectContestants(group: Group, only: readonly string[]): string[] {
  return group.contestants
    .filter(({ name, role }) => only.length === 0 || role === 'baseline' || only.includes(name))
    .map(({ name }) => name);
}

/** The order of a round: each begins with another contestant, so that none always runs after the same disturbance. */
export function rotate<T>(items: readonly T[], by: number): T[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/** One line of progress. */
function describe({ contestant, outcome, seconds }: Performance): string {
  const said =
    outcome.type === 'failed'
      ? `failed: ${outcome.reason.split('\n')[0] ?? ''}`
      : Object.entries(outcome.figures)
          .map(([key, value]) => `${key} ${formatNumber(value)}`)
          .join(', ');
  return `    ${contestant}: ${said} (${seconds.toFixed(1)} s)`;
}

function toRow(size: number, round: number, { contestant, outcome, seconds }: Performance): Row {
  const tenths = Math.round(seconds * 10) / 10;
  return outcome.type === 'done'
    ? { size, round, contestant, seconds: tenths, figures: outcome.figures }
    : { size, round, contestant, seconds: tenths, failed: outcome.reason };
}

/** Runs a group, telling what it does; its files are gone afterwards. */
export async function runGroup(
  group: Group,
  selection: Selection,
  entry: Entry,
  directory: string,
  progress: (line: string) => void,
): Promise<Row[]> {
  const { only, quick, seed, sizes } = selection;
  const contestants = selectContestants(group, only);
  const rows: Row[] = [];
  for (const { size, rounds } of selectSizes(group, sizes)) {
    const place = mkdtempSync(join(directory, 'watchkeeper-bench-'));
    try {
      const files = join(place, 'files');
      mkdirSync(files);
      progress(`${group.name}, ${size} ${group.sizeOf}: making the files`);
      group.prepare(files, size);
      const count = Math.min(selection.rounds, rounds ?? selection.rounds);
      for (let round = 1; round <= count; round += 1) {
        progress(`  ${group.name}, ${size}: round ${round} of ${count}`);
        const done = await runRound(
          rotate(contestants, round - 1),
          { group: group.name, size, seed: seed + round, quick, directory: files },
          { ...entry, deadlineMs: group.deadlineMs },
          (performance) => progress(describe(performance)),
        );
        rows.push(...done.map((performance) => toRow(size, round, performance)));
      }
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  }
  return rows;
}
