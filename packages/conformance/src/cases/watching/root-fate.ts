import type { AbsPath } from '@watchkeeper/core';
import type { Bench } from '../../bench.ts';
import type { ConformanceCase } from '../../conformance-case.ts';
import { until } from '../../until.ts';
import { scripted, type Script } from './scripted-case.ts';

const reported: Script['applies'] = ({ capabilities }) =>
  capabilities.rootRemoval === 'reported' || 'the fate of the root is not reported here';

const scripts: readonly Script[] = [
  {
    name: 'root-removed',
    title: 'a removed root is a remove of everything in it; made again, it is watched again',
    applies: reported,
    prepare: (w) => void w.write(w.at('d/f')),
    steps: [
      [{ d: 'remove', 'd/f': 'remove' }, (w) => w.remove(w.root)],
      [{ g: 'create' }, (w) => void w.write(w.at('g'))],
      [{ g: 'modify' }, (w) => w.append(w.at('g'))],
    ],
  },
  {
    name: 'root-renamed-away',
    title: 'a root renamed away is removes; what happens to it elsewhere is not reported',
    applies: reported,
    prepare: (w) => void w.write(w.at('f')),
    steps: [
      [{ f: 'remove' }, (w) => w.rename(w.root, w.outside('elsewhere'))],
      [{}, (w) => w.append(w.outside('elsewhere/f'))],
      [{ g: 'create' }, (w) => void w.write(w.at('g'))],
    ],
  },
  {
    name: 'root-swapped',
    title: 'a root swapped for another directory shows the difference of the two',
    applies: reported,
    prepare: (w) => {
      w.write(w.at('both'));
      w.write(w.at('before'));
      w.write(w.outside('next/both'));
      w.write(w.outside('next/after'));
    },
    steps: [
      [
        { both: 'replace', before: 'remove', after: 'create' },
        (w) => {
          w.rename(w.root, w.outside('previous'));
          w.rename(w.outside('next'), w.root);
        },
      ],
      [{ after: 'modify' }, (w) => w.append(w.at('after'))],
    ],
  },
];

/** What lies above goes. */
const parentRemade: ConformanceCase = {
  name: 'watch-parent-remade',
  title: 'a root whose parent is removed and made again is watched again',
  applies: reported,
  run: async (bench) => {
    const { workspace } = bench;
    const root = workspace.makeDirectory(workspace.at('p/root'));
    workspace.write(workspace.at('p/root/f'));
    const scene = await bench.watch(root);
    await scene.step({ f: 'remove' }, () => workspace.remove(workspace.at('p')));
    await scene.step({ g: 'create' }, () => void workspace.write(workspace.at('p/root/g')));
    await scene.step({ g: 'modify' }, () => workspace.append(workspace.at('p/root/g')));
    scene.expectModel(root);
  },
};

interface Missing {
  readonly name: string;
  readonly title: string;
  readonly path: string;
  readonly prepare?: (bench: Bench) => void;
  readonly clear?: (bench: Bench) => void;
}

const missing: readonly Missing[] = [
  {
    name: 'missing-file',
    title: 'a file that is not there yet is a create when it comes, then a modify',
    path: 'f',
  },
  {
    name: 'missing-parents',
    title: 'a file whose parents are not there yet is a create when all come at once',
    path: 'p/q/f',
  },
  {
    name: 'parent-is-file',
    title: 'a file below what is a file at first is a create when that becomes a directory',
    path: 'p/f',
    prepare: ({ workspace }) => void workspace.write(workspace.at('p')),
    clear: ({ workspace }) => workspace.remove(workspace.at('p')),
  },
];

function missingCase({ name, title, path, prepare, clear }: Missing): ConformanceCase {
  return {
    name: `watch-${name}`,
    title,
    run: async (bench) => {
      const { workspace } = bench;
      prepare?.(bench);
      const file: AbsPath = workspace.at(path);
      const watch = bench.watcher.watch(file);
      const kinds: string[] = [];
      watch.on('batch', ({ changes }) => void kinds.push(...changes.map(({ kind }) => kind)));
      await watch.ready;
      clear?.(bench);
      const steps = [
        ['create', () => void workspace.write(file)],
        ['modify', () => workspace.append(file)],
        ['remove', () => workspace.remove(file)],
        ['create', () => void workspace.write(file)],
      ] as const;
      for (const [kind, act] of steps) {
        kinds.length = 0;
        act();
        await watch.flush();
        bench.expect(kinds, 'reported kinds').toEqual([kind]);
      }
    },
  };
}

/** A watch survives its root, also when nobody asks it to look. */
const remadeUnasked: ConformanceCase = {
  name: 'watch-root-remade-unasked',
  title: 'a root that is removed and made again is watched again without any flush',
  applies: reported,
  run: async (bench) => {
    const { workspace } = bench;
    const file = workspace.write(workspace.at('f'));
    const scene = await bench.watch();
    workspace.remove(workspace.root);
    await until(() => scene.batches.some(removes(file)), bench.deadlineMs);
    workspace.write(file);
    const came = await until(() => scene.batches.some(creates(file)), bench.deadlineMs);
    bench.expect(came, 'the file is reported again').toBe(true);
  },
};

type Batches = Awaited<ReturnType<Bench['watch']>>['batches'][number];

const has =
  (kind: string) =>
  (path: string) =>
  ({ changes, sequence }: Batches): boolean =>
    sequence > 1 && changes.some((change) => change.kind === kind && change.path === path);

const removes = has('remove');
const creates = has('create');

/** What happens to what is watched itself. */
export const rootFateCases: readonly ConformanceCase[] = [
  ...scripts.map(scripted),
  ...missing.map(missingCase),
  remadeUnasked,
  parentRemade,
];
