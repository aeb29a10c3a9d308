import type { ConformanceCase } from '../../conformance-case.ts';

/** Directories that arrive with content. */
export const newDirectories: ConformanceCase = {
  name: 'new-directories',
  title: 'directories made with content in one turn are touched whole, and so are later writes',
  applies: ({ capabilities }) =>
    capabilities.newDirectories === 'covered' || 'new directories leave a gap here',
  run: async (bench) => {
    const { workspace } = bench;
    const observation = await bench.open();
    const first = workspace.at('a/b/c/first');
    const second = workspace.at('a/b/c/second');
    await observation.expectTouched([workspace.at('a'), workspace.at('a/b'), first], () => {
      workspace.write(first);
    });
    await observation.expectTouched([first, second], () => {
      workspace.append(first);
      workspace.write(second);
    });
  },
};

/** A tree that is moved in. */
export const movedIn: ConformanceCase = {
  name: 'moved-in',
  title: 'a populated directory moved in is touched whole, and so are later writes below it',
  applies: newDirectories.applies ?? (() => true),
  run: async (bench) => {
    const { workspace } = bench;
    const observation = await bench.open();
    workspace.write(workspace.outside('tree/x/y/file'));
    const file = workspace.at('tree/x/y/file');
    await observation.expectTouched([workspace.at('tree'), workspace.at('tree/x'), file], () => {
      workspace.rename(workspace.outside('tree'), workspace.at('tree'));
    });
    await observation.expectTouched(file, () => workspace.append(file));
  },
};

/** A directory that leaves and comes back as another. */
export const recreatedDirectory: ConformanceCase = {
  name: 'recreated-directory',
  title: 'a directory removed and made again at once is watched anew',
  applies: newDirectories.applies ?? (() => true),
  run: async (bench) => {
    const { workspace } = bench;
    const directory = workspace.at('d');
    workspace.write(workspace.at('d/e/old'));
    const observation = await bench.open();
    const fresh = workspace.at('d/e/fresh');
    await observation.expectTouched([directory, fresh], () => {
      workspace.remove(directory);
      workspace.write(fresh);
    });
    await observation.expectTouched(fresh, () => workspace.append(fresh));
  },
};
