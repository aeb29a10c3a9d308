import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import {
  helpText,
  isComplete,
  parseArguments,
  UsageError,
  type Arguments,
} from './harness/arguments.ts';
import { BuildError, builtEntry, sourceEntry, type Entry } from './harness/build.ts';
import type { Group } from './harness/group.ts';
import { describeMachine, versionsOf } from './harness/machine.ts';
import { findGroup, groupNames } from './harness/registry.ts';
import { describeGroup, describeResults } from './harness/report.ts';
import { readResults, writeResults, type GroupResult, type Results } from './harness/results.ts';
import { runGroup } from './harness/run-group.ts';

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Replaces the sections of these groups, and leaves the others as they are. */
async function save(directory: string, fresh: Results): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const json = join(directory, 'results.json');
  const all = { ...readResults(json), ...fresh };
  const sections: { group: Group; result: GroupResult }[] = [];
  for (const name of groupNames()) {
    const result = all[name];
    if (result !== undefined) sections.push({ group: await findGroup(name), result });
  }
  writeResults(json, Object.fromEntries(sections.map(({ group, result }) => [group.name, result])));
  writeFileSync(join(directory, 'results.md'), describeResults(sections));
}

async function measure(
  group: Group,
  wanted: Arguments,
  entry: Entry,
  directory: string,
): Promise<GroupResult> {
  const start = performance.now();
  const date = new Date().toISOString();
  const rows = await runGroup(group, wanted, entry, directory, progress);
  return {
    date,
    rounds: wanted.rounds,
    seed: wanted.seed,
    quick: wanted.quick,
    measured: wanted.source ? 'source' : 'dist',
    seconds: Math.round((performance.now() - start) / 1000),
    machine: describeMachine(directory),
    versions: versionsOf(group.contestants.flatMap((one) => one.package ?? [])),
    rows,
  };
}

async function main(): Promise<void> {
  const known = groupNames();
  const wanted = parseArguments(process.argv.slice(2), known);
  if (wanted.help) {
    process.stdout.write(helpText(known));
    return;
  }
  const directory = resolve(wanted.directory ?? tmpdir());
  const out = wanted.out ?? (isComplete(wanted) ? import.meta.dirname : null);
  const entry = wanted.source ? sourceEntry() : builtEntry(wanted.build);
  for (const name of wanted.groups.length === 0 ? known : wanted.groups) {
    const group = await findGroup(name);
    const result = await measure(group, wanted, entry, directory);
    // Group by group: an interrupted run keeps what it has.
    if (out !== null) await save(resolve(out), { [name]: result });
    process.stdout.write(`${describeGroup(group, result)}\n\n`);
    if (result.rows.some(({ failed }) => failed !== undefined)) process.exitCode = 1;
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError || error instanceof BuildError)) throw error;
  const help = error instanceof UsageError ? `\n${helpText(groupNames())}` : '';
  process.stderr.write(`${error.message}\n${help}`);
  process.exitCode = 2;
}
