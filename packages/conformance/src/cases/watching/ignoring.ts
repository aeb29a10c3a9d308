import type { ConformanceCase } from '../../conformance-case.ts';
import { scripted, type Script } from './scripted-case.ts';

const ignore = (relative: string): boolean => relative === 'skipped' || relative.endsWith('.skip');

const scripts: readonly Script[] = [
  {
    name: 'ignored-subtree',
    title: 'an ignored directory may be made, filled and removed unreported',
    options: { recursive: true, ignore },
    steps: [
      [{}, (w) => void w.write(w.at('skipped/deep/f'))],
      [{}, (w) => w.append(w.at('skipped/deep/f'))],
      [{}, (w) => w.remove(w.at('skipped'))],
      [{ f: 'create' }, (w) => void w.write(w.at('f'))],
    ],
  },
  {
    name: 'renamed-across-ignore',
    title: 'a file renamed out of what is ignored is a create, the reverse a remove',
    options: { recursive: true, ignore },
    prepare: (w) => void w.write(w.at('f.skip')),
    steps: [
      [{ f: 'create' }, (w) => w.rename(w.at('f.skip'), w.at('f'))],
      [{ f: 'remove' }, (w) => w.rename(w.at('f'), w.at('f.skip'))],
    ],
  },
];

/** Two watches with different ideas. */
const twoIgnores: ConformanceCase = {
  name: 'watch-two-ignores',
  title: 'two watches of one root ignore different things, and close apart',
  run: async (bench) => {
    const { workspace } = bench;
    const partial = await bench.watch(workspace.root, { recursive: true, ignore });
    const whole = await bench.watch();
    workspace.write(workspace.at('skipped/f'));
    await whole.step({ skipped: 'create', 'skipped/f': 'create' }, () => {});
    await partial.step({}, () => {});
    await partial.watch.close();
    await whole.step({ g: 'create' }, () => void workspace.write(workspace.at('g')));
    whole.expectModel(workspace.root);
  },
};

/** A function that fails. */
const throwingIgnore: ConformanceCase = {
  name: 'watch-throwing-ignore',
  title: 'an ignore function that throws is one problem, and the path counts as wanted',
  run: async (bench) => {
    const { workspace } = bench;
    const scene = await bench.watch(workspace.root, {
      recursive: true,
      ignore: (relative) => {
        if (relative === 'bad') throw new Error('from ignore');
        return false;
      },
    });
    await scene.step({ bad: 'create', good: 'create' }, () => {
      workspace.write(workspace.at('bad'));
      workspace.write(workspace.at('good'));
    });
    await scene.step({ bad: 'modify' }, () => workspace.append(workspace.at('bad')));
    bench.expect(scene.problems.length, 'problems').toBe(1);
  },
};

/** What is left out. */
export const ignoringCases: readonly ConformanceCase[] = [
  ...scripts.map(scripted),
  twoIgnores,
  throwingIgnore,
];
