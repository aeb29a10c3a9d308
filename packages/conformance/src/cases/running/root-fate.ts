import type { Bench } from '../../bench.ts';
import type { ConformanceCase } from '../../conformance-case.ts';
import type { Workspace } from '../../workspace.ts';

const rows: Readonly<Record<string, (workspace: Workspace) => void>> = {
  removed: (workspace) => workspace.remove(workspace.root),
  'renamed-away': (workspace) => workspace.rename(workspace.root, workspace.outside('elsewhere')),
  replaced: (workspace) => {
    workspace.makeDirectory(workspace.outside('successor'));
    workspace.rename(workspace.root, workspace.outside('predecessor'));
    workspace.rename(workspace.outside('successor'), workspace.root);
  },
  'removed-and-remade': (workspace) => {
    workspace.remove(workspace.root);
    workspace.makeDirectory(workspace.root);
  },
};

async function run(bench: Bench, act: (workspace: Workspace) => void): Promise<void> {
  const { workspace } = bench;
  workspace.write(workspace.at('sub/file'));
  const observation = await bench.open();
  const { recorder } = observation;
  act(workspace);
  await observation.prompt();
  await recorder.until(() => recorder.end !== null, bench.deadlineMs);
  bench.expect(recorder.end?.code, 'the code of the end').toBe('ERR_WATCH_ROOT_GONE');
  bench.expect(recorder.covers(workspace.root), 'the root is touched first').toBe(true);
}

/** What can happen to the root. */
export const rootFate: readonly ConformanceCase[] = Object.entries(rows).map(([name, act]) => ({
  name: `root-${name}`,
  title: 'the root is touched and the subscription ends with ERR_WATCH_ROOT_GONE',
  applies: ({ capabilities }: Bench) =>
    capabilities.rootRemoval === 'reported' || 'the fate of the root is not reported here',
  run: (bench: Bench) => run(bench, act),
}));
