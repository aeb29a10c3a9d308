import type { Bench } from '../../bench.ts';
import type { ConformanceCase } from '../../conformance-case.ts';

const rows: Readonly<Record<string, string>> = {
  spaces: '  two  spaces  ',
  quotes: `it's "quoted"`,
  newline: 'one\ntwo',
  globs: '*[a-z]{b}?!(c)',
  dash: '-rf',
  backslash: 'back\\slash',
  unicode: 'naïve-日本語-🗂',
  decomposed: 'e\u0301',
  longest: 'n'.repeat(255),
};

/** Names that POSIX allows and Windows does not. */
const POSIX_ONLY: ReadonlySet<string> = new Set([
  'spaces',
  'quotes',
  'newline',
  'globs',
  'backslash',
]);

async function run(bench: Bench, name: string): Promise<void> {
  const { workspace } = bench;
  const observation = await bench.open();
  const path = workspace.at(name);
  await observation.expectTouched(path, () => void workspace.write(path));
  await observation.expectTouched(path, () => workspace.append(path));
  const below = workspace.at(`d-${name.slice(0, 200)}/${name}`);
  await observation.expectTouched(below, () => void workspace.write(below));
  await observation.expectTouched(below, () => workspace.append(below));
}

/** Names that look odd to a program. */
export const oddNames: readonly ConformanceCase[] = Object.entries(rows).map(([name, odd]) => ({
  name: `name-with-${name}`,
  title: `the exact name is touched: ${JSON.stringify(odd.slice(0, 40))}`,
  applies: () => process.platform !== 'win32' || !POSIX_ONLY.has(name) || 'not a name on Windows',
  run: (bench: Bench) => run(bench, odd),
}));
