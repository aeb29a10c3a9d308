import type { ConformanceCase } from '../../conformance-case.ts';

const applies: NonNullable<ConformanceCase['applies']> = ({ capabilities }) =>
  capabilities.movedDirectories === 'tracked' || 'moved directories keep their old paths here';

/** A directory that changes its name. */
export const movedDirectory: ConformanceCase = {
  name: 'moved-directory',
  title: 'a directory renamed inside is touched at both ends; later touches have the new path only',
  applies,
  run: async (bench) => {
    const { workspace } = bench;
    const before = workspace.at('old');
    const after = workspace.at('other/new');
    workspace.write(workspace.at('old/y/file'));
    workspace.makeDirectory(workspace.at('other'));
    const observation = await bench.open();
    await observation.expectTouched([before, after], () => workspace.rename(before, after));
    const file = workspace.at('other/new/y/file');
    const mark = observation.recorder.mark();
    await observation.expectTouched(file, () => workspace.append(file));
    bench
      .expect(observation.recorder.touchesWithin(before, mark), 'touches under the old path')
      .toEqual([]);
  },
};

/** A directory whose old name is taken again. */
export const renamedAndRemade: ConformanceCase = {
  name: 'renamed-and-remade',
  title: 'after a rename, a new directory under the old name and the moved one are both watched',
  applies,
  run: async (bench) => {
    const { workspace } = bench;
    workspace.write(workspace.at('x/file'));
    const observation = await bench.open();
    const moved = workspace.at('z/file');
    const fresh = workspace.at('x/file');
    await observation.expectTouched([moved, fresh], () => {
      workspace.rename(workspace.at('x'), workspace.at('z'));
      workspace.write(fresh, 'fresh\n');
    });
    await observation.expectTouched(moved, () => workspace.append(moved));
    await observation.expectTouched(fresh, () => workspace.append(fresh));
  },
};

/** Two directories that swap their names. */
export const swappedDirectories: ConformanceCase = {
  name: 'swapped-directories',
  title: 'two directories that swap names are each watched under the name they have now',
  applies,
  run: async (bench) => {
    const { workspace } = bench;
    workspace.write(workspace.at('a/of-a'));
    workspace.write(workspace.at('b/of-b'));
    const observation = await bench.open();
    await observation.expectTouched([workspace.at('a'), workspace.at('b')], () => {
      workspace.rename(workspace.at('a'), workspace.at('tmp'));
      workspace.rename(workspace.at('b'), workspace.at('a'));
      workspace.rename(workspace.at('tmp'), workspace.at('b'));
    });
    for (const path of [workspace.at('a/of-b'), workspace.at('b/of-a')]) {
      await observation.expectTouched(path, () => workspace.append(path));
    }
  },
};
