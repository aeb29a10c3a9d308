import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import type { Machine } from './machine.ts';
import type { Figures } from './task.ts';

/** What one contestant yielded in one round. */
export interface Row {
  readonly size: number;
  readonly round: number;
  readonly contestant: string;
  /** Time it took for all it did, its start and its waits included. */
  readonly seconds: number;
  /** Absent when it failed. */
  readonly figures?: Figures;
  /** Why it failed. */
  readonly failed?: string;
}

/** One run of one group. */
export interface GroupResult {
  /** ISO 8601. */
  readonly date: string;
  readonly rounds: number;
  readonly seed: number;
  readonly quick: boolean;
  /** What of this project was measured: what its users run, or the sources. */
  readonly measured: 'dist' | 'source';
  readonly seconds: number;
  readonly machine: Machine;
  /** Versions of the packages of others. */
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

/** The last run of each group, by its name. */
export type Results = Readonly<Record<string, GroupResult>>;

/** What a file holds; nothing when there is none. */
export function readResults(file: string): Results {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : {};
}

/** One row a line: a run that changes one group is a difference one can read. */
export function formatResults(results: Results): string {
  const groups = Object.entries(results).map(([name, { rows, ...facts }]) => {
    const lines = rows.map((row) => `      ${JSON.stringify(row)}`).join(',\n');
    const head = JSON.stringify(facts, null, 2)
      .replaceAll('\n', '\n  ')
      .replace(/\s*\}$/, '');
    return `  ${JSON.stringify(name)}: ${head},\n    "rows": [\n${lines}\n    ]\n  }`;
  });
  return `{\n${groups.join(',\n')}\n}\n`;
}

/** Writes them. */
export function writeResults(file: string, results: Results): void {
  writeFileSync(file, formatResults(results));
}
