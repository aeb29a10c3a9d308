import type { ConformanceCase } from '../../conformance-case.ts';

/** One directory, and nothing below. */
export const directoryScope: ConformanceCase = {
  name: 'directory-scope',
  title: 'a directory scope touches nothing below its own entries',
  run: async (bench) => {
    const { workspace } = bench;
    workspace.write(workspace.at('sub/old'));
    const observation = await bench.open({ scope: { kind: 'directory' } });
    const inner = workspace.at('sub/old');
    await observation.expectQuiet(inner, () => workspace.append(inner));
    const entry = workspace.at('entry');
    await observation.expectTouched(entry, () => void workspace.write(entry));
  },
};

/** Some names, and no others. */
export const namesScope: ConformanceCase = {
  name: 'names-scope',
  title: 'a names scope touches the names it was asked for and no others',
  run: async (bench) => {
    const { workspace } = bench;
    const wanted = workspace.at('wanted');
    const other = workspace.write(workspace.at('other'));
    const observation = await bench.open({ scope: bench.names('wanted') });
    await observation.expectQuiet(other, () => workspace.append(other));
    await observation.expectTouched(wanted, () => void workspace.write(wanted));
  },
};

/** Names come and go while it is open. */
export const liveNames: ConformanceCase = {
  name: 'live-names',
  title: 'a name added to an open names scope is touched from then on, a removed one no more',
  run: async (bench) => {
    const { workspace } = bench;
    const scope = bench.names('early');
    const early = workspace.write(workspace.at('early'));
    const late = workspace.write(workspace.at('late'));
    const observation = await bench.open({ scope });
    scope.names.add('late');
    await observation.settle();
    await observation.expectTouched(late, () => workspace.append(late));
    scope.names.delete('early');
    await observation.settle();
    await observation.expectQuiet(early, () => workspace.append(early));
  },
};
