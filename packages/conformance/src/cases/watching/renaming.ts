import { linkSync } from 'node:fs';
import { join } from 'node:path';
import type { ConformanceCase } from '../../conformance-case.ts';
import { scripted, type Script } from './scripted-case.ts';

const pairing = { recursive: true, renames: 'pair' } as const;

const scripts: readonly Script[] = [
  {
    name: 'pair-rename',
    title: 'with pairing, a renamed file is one rename, also along a chain',
    options: pairing,
    prepare: (w) => void w.write(w.at('a')),
    steps: [
      [{ b: 'rename' }, (w) => w.rename(w.at('a'), w.at('b'))],
      [
        { d: 'rename' },
        (w) => {
          w.rename(w.at('b'), w.at('c'));
          w.rename(w.at('c'), w.at('d'));
        },
      ],
      [{ d: 'modify' }, (w) => w.append(w.at('d'))],
    ],
  },
  {
    name: 'pair-swap',
    title: 'with pairing, two files that swap names are two replaces',
    options: pairing,
    prepare: (w) => {
      w.write(w.at('a'));
      w.write(w.at('b'));
    },
    steps: [
      [
        { a: 'replace', b: 'replace' },
        (w) => {
          w.rename(w.at('a'), w.at('tmp'));
          w.rename(w.at('b'), w.at('a'));
          w.rename(w.at('tmp'), w.at('b'));
        },
      ],
    ],
  },
  {
    name: 'pair-over',
    title: 'with pairing, a rename over another file is a remove and a replace',
    options: pairing,
    prepare: (w) => {
      w.write(w.at('a'));
      w.write(w.at('b'));
    },
    steps: [[{ a: 'remove', b: 'replace' }, (w) => w.rename(w.at('a'), w.at('b'))]],
  },
  {
    name: 'pair-hard-link',
    title: 'with pairing, a file with several names is still a remove and a create',
    options: pairing,
    applies: () => process.platform !== 'win32' || 'POSIX only',
    prepare: (w) => {
      w.makeDirectory(w.outside('.'));
      linkSync(w.write(w.at('a')), w.outside('a'));
    },
    steps: [[{ a: 'remove', b: 'create' }, (w) => w.rename(w.at('a'), w.at('b'))]],
  },
  {
    name: 'case-only-rename',
    title: 'a rename that changes only the case of a name shows the new spelling',
    applies: ({ place }) => place.caseSensitive === true || 'what is told depends on the folding',
    prepare: (w) => void w.write(w.at('readme')),
    steps: [
      [{ readme: 'remove', README: 'create' }, (w) => w.rename(w.at('readme'), w.at('README'))],
      [{ README: 'modify' }, (w) => w.append(w.at('README'))],
    ],
  },
];

/** A directory takes its content along. */
const pairDirectory: ConformanceCase = {
  name: 'watch-pair-directory',
  title:
    'with pairing, a renamed directory takes along what is in it, and later writes are told there',
  applies: ({ capabilities }) =>
    capabilities.movedDirectories === 'tracked' || 'moved directories keep their old paths here',
  run: async (bench) => {
    const { workspace } = bench;
    workspace.write(workspace.at('x/y/f'));
    const scene = await bench.watch(workspace.root, pairing);
    workspace.rename(workspace.at('x'), workspace.at('z'));
    await scene.watch.flush();
    const told = scene.takeChanges();
    const renames = told.filter(({ kind }) => kind === 'rename');
    bench.expect(renames.length, 'renames').toBe(told.length);
    const top = renames.find(({ path }) => path === workspace.at('z'));
    bench.expect(top?.from, 'where the directory came from').toBe(workspace.at('x'));
    await scene.step({ 'z/y/f': 'modify' }, () => workspace.append(workspace.at('z/y/f')));
    scene.expectModel(workspace.root);
  },
};

/** From one watched tree to another. */
const acrossRoots: ConformanceCase = {
  name: 'watch-move-across-roots',
  title: 'an entry moved from one watched root to another is removes there and creates here',
  run: async (bench) => {
    const { workspace } = bench;
    const [one, two] = [
      workspace.makeDirectory(workspace.at('one')),
      workspace.makeDirectory(workspace.at('two')),
    ];
    workspace.write(workspace.at('one/f'));
    workspace.write(workspace.at('one/d/g'));
    const from = await bench.watch(one);
    const to = await bench.watch(two);
    workspace.rename(workspace.at('one/f'), workspace.at('two/f'));
    workspace.rename(workspace.at('one/d'), workspace.at('two/d'));
    await from.step({ f: 'remove', d: 'remove', [join('d', 'g')]: 'remove' }, () => {});
    await to.step({ f: 'create', d: 'create', [join('d', 'g')]: 'create' }, () => {});
    await to.step({ 'd/g': 'modify' }, () => workspace.append(workspace.at('two/d/g')));
    from.expectModel(one);
    to.expectModel(two);
  },
};

/** Files that take other names. */
export const renamingCases: readonly ConformanceCase[] = [
  ...scripts.map(scripted),
  pairDirectory,
  acrossRoots,
];
