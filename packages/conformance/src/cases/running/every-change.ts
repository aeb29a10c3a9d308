import { chmodSync, linkSync, symlinkSync, utimesSync } from 'node:fs';
import type { AbsPath } from '@watchkeeper/core';
import type { Bench } from '../../bench.ts';
import type { ConformanceCase } from '../../conformance-case.ts';
import type { Workspace } from '../../workspace.ts';

/** One way to change the entry `path`, which holds `before` unless that is `null`. */
interface ChangeRow {
  readonly name: string;
  readonly before: string | null;
  readonly act: (workspace: Workspace, path: AbsPath) => void;
}

/** An old date, in seconds: what is not after the last look must be found all the same. */
const OLD = 1_000_000_000;

const rows: readonly ChangeRow[] = [
  { name: 'create-empty', before: null, act: (w, path) => void w.write(path, '') },
  {
    name: 'create-with-data',
    before: null,
    act: (w, path) => void w.write(path, 'x'.repeat(1024)),
  },
  { name: 'append', before: 'one\n', act: (w, path) => w.append(path) },
  { name: 'rewrite-longer', before: 'one\n', act: (w, path) => void w.write(path, 'one two\n') },
  { name: 'rewrite-same-size', before: 'one\n', act: (w, path) => void w.write(path, 'two\n') },
  { name: 'truncate', before: 'one\n', act: (w, path) => w.truncate(path) },
  {
    name: 'rewrite-and-restore-times',
    before: 'one\n',
    act: (w, path) => {
      w.write(path, 'two\n');
      utimesSync(path, OLD, OLD);
    },
  },
  { name: 'set-times-back', before: 'one\n', act: (_, path) => utimesSync(path, OLD, OLD) },
  { name: 'chmod', before: 'one\n', act: (_, path) => chmodSync(path, 0o640) },
  { name: 'unlink', before: 'one\n', act: (w, path) => w.remove(path) },
  {
    name: 'unlink-and-create',
    before: 'one\n',
    act: (w, path) => {
      w.remove(path);
      w.write(path, 'two\n');
    },
  },
  { name: 'replace-by-rename', before: 'one\n', act: (w, path) => w.replace(path, 'two\n') },
  { name: 'replace-same-size', before: 'replaced\n', act: (w, path) => w.replace(path) },
  { name: 'rename-away', before: 'one\n', act: (w, path) => w.rename(path, w.outside('gone')) },
  {
    name: 'rename-in',
    before: null,
    act: (w, path) => w.rename(w.write(w.outside('new')), path),
  },
  {
    name: 'rename-aside',
    before: 'one\n',
    act: (w, path) => w.rename(path, `${path}-aside` as AbsPath),
  },
  {
    name: 'hard-link',
    before: null,
    act: (w, path) => linkSync(w.write(w.outside('origin')), path),
  },
  { name: 'symlink', before: null, act: (_, path) => symlinkSync('target', path) },
  { name: 'make-directory', before: null, act: (w, path) => void w.makeDirectory(path) },
  {
    name: 'file-becomes-directory',
    before: 'one\n',
    act: (w, path) => {
      w.remove(path);
      w.makeDirectory(path);
    },
  },
];

/** Rows that Windows does not have. */
const POSIX_ONLY: ReadonlySet<string> = new Set(['chmod', 'symlink']);

const SCOPES = ['tree', 'directory', 'names'] as const;

async function run(bench: Bench, row: ChangeRow, scope: (typeof SCOPES)[number]): Promise<void> {
  const { workspace } = bench;
  const path = workspace.at(scope === 'tree' ? 'below/entry' : 'entry');
  workspace.makeDirectory(workspace.at('below'));
  if (row.before !== null) workspace.write(path, row.before);
  const observation = await bench.open({
    scope: scope === 'names' ? bench.names('entry') : { kind: scope },
  });
  await observation.expectTouched(path, () => row.act(workspace, path));
  observation.expectInside();
}

/** Every way in which an entry can change, in every scope. */
export const everyChange: readonly ConformanceCase[] = SCOPES.flatMap((scope) =>
  rows.map((row) => ({
    name: `${row.name}-in-${scope}`,
    title: `the change is touched in scope ${scope}`,
    applies: ({ capabilities }: Bench) => {
      if (capabilities.scope[scope] === 'none') return `scope ${scope} is not supported`;
      return process.platform !== 'win32' || !POSIX_ONLY.has(row.name) || 'POSIX only';
    },
    run: (bench: Bench) => run(bench, row, scope),
  })),
);
