import { linkSync, utimesSync } from 'node:fs';
import type { AbsPath } from '@watchkeeper/core';
import type { ConformanceCase } from '../../conformance-case.ts';
import { scripted, type Script } from './scripted-case.ts';

/** An old date, in seconds. */
const OLD = 1_000_000_000;

const scripts: readonly Script[] = [
  {
    name: 'rename',
    title: 'a renamed file is a remove and a create',
    prepare: (w) => void w.write(w.at('a')),
    steps: [[{ a: 'remove', b: 'create' }, (w) => w.rename(w.at('a'), w.at('b'))]],
  },
  {
    name: 'rename-chain',
    title: 'a chain of renames in one turn shows its two ends only',
    prepare: (w) => void w.write(w.at('a')),
    steps: [
      [
        { a: 'remove', c: 'create' },
        (w) => {
          w.rename(w.at('a'), w.at('b'));
          w.rename(w.at('b'), w.at('c'));
        },
      ],
    ],
  },
  {
    name: 'rename-swap',
    title: 'two files that swap names are two replaces',
    prepare: (w) => {
      w.write(w.at('a'), 'of a\n');
      w.write(w.at('b'), 'of b\n');
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
    name: 'rename-over',
    title: 'a file renamed over another is a remove and a replace',
    prepare: (w) => {
      w.write(w.at('a'));
      w.write(w.at('b'));
    },
    steps: [[{ a: 'remove', b: 'replace' }, (w) => w.rename(w.at('a'), w.at('b'))]],
  },
  {
    name: 'atomic-save',
    title: 'five atomic saves are five replaces, with no trace of the temporary file',
    prepare: (w) => void w.write(w.at('f')),
    steps: Array.from({ length: 5 }, (_, index) => [
      { f: 'replace' } as const,
      (w) => w.replace(w.at('f'), `save ${index}\n`),
    ]),
  },
  {
    name: 'atomic-save-older',
    title: 'a replacement that is dated earlier is a replace all the same',
    prepare: (w) => void w.write(w.at('f')),
    steps: [
      [
        { f: 'replace' },
        (w) => {
          w.replace(w.at('f'), 'older\n');
          utimesSync(w.at('f'), OLD, OLD);
        },
      ],
    ],
  },
  {
    name: 'backup-save',
    title: 'an editor that renames to a backup, writes anew and drops the backup makes one replace',
    prepare: (w) => void w.write(w.at('f')),
    steps: [
      [
        { f: 'replace' },
        (w) => {
          const backup = w.at('f~');
          w.rename(w.at('f'), backup);
          w.write(w.at('f'), 'saved\n');
          w.remove(backup);
        },
      ],
    ],
  },
  {
    name: 'link-save',
    title: 'a save by link and unlink is one replace',
    applies: () => process.platform !== 'win32' || 'POSIX only',
    prepare: (w) => void w.write(w.at('f')),
    steps: [
      [
        { f: 'replace' },
        (w) => {
          const fresh = w.write(w.at('fresh'), 'saved\n');
          w.remove(w.at('f'));
          linkSync(fresh, w.at('f'));
          w.remove(fresh);
        },
      ],
    ],
  },
  {
    name: 'rename-in-and-out',
    title: 'a file moved in is a create, one moved out a remove',
    prepare: (w) => void w.write(w.outside('in')),
    steps: [
      [{ f: 'create' }, (w) => w.rename(w.outside('in'), w.at('f'))],
      [{ f: 'remove' }, (w) => w.rename(w.at('f'), w.outside('out'))],
    ],
  },
];

/** Single files, each watched by itself, replaced in turn. */
const singleFiles: ConformanceCase = {
  name: 'watch-single-files',
  title: 'three watched files replaced in turn, twice, are six replaces and nothing else',
  run: async (bench) => {
    const { workspace } = bench;
    const paths = ['a', 'b', 'c'].map((name) => workspace.write(workspace.at(name)));
    const kinds: string[] = [];
    for (const path of paths) {
      const watch = bench.watcher.watch(path);
      watch.on('batch', ({ changes }) => {
        for (const change of changes) kinds.push(`${change.kind} ${change.path}`);
      });
      await watch.ready;
    }
    const flushAll = async (path: AbsPath): Promise<void> => {
      workspace.replace(path);
      await bench.watcher.watch(path).flush();
    };
    for (const path of [...paths, ...paths]) await flushAll(path);
    const wanted = [...paths, ...paths].map((path) => `replace ${path}`);
    bench.expect(kinds, 'reported changes').toEqual(wanted);
  },
};

/** Single files that go and come. */
const goneAndBack: ConformanceCase = {
  name: 'watch-single-files-gone-and-back',
  title:
    'three watched files, removed one after another and made again, are a remove and a create each',
  run: async (bench) => {
    const { workspace } = bench;
    const paths = ['a', 'b', 'c'].map((name) => workspace.write(workspace.at(name)));
    const told: string[] = [];
    const watches = paths.map((path) => {
      const watch = bench.watcher.watch(path);
      watch.on('batch', ({ changes }) => {
        for (const change of changes) told.push(`${change.kind} ${change.path}`);
      });
      return watch;
    });
    for (const watch of watches) await watch.ready;
    for (const [index, path] of paths.entries()) {
      workspace.remove(path);
      await watches[index]?.flush();
      workspace.write(path);
      await watches[index]?.flush();
    }
    const wanted = paths.flatMap((path) => [`remove ${path}`, `create ${path}`]);
    bench.expect(told, 'reported changes').toEqual(wanted);
  },
};

/** One name among others. */
const saveOfOne: ConformanceCase = {
  name: 'watch-single-file-saved',
  title:
    'atomic saves of a watched file are replaces of it, and nothing of the temporary file is told',
  run: async (bench) => {
    const { workspace } = bench;
    const path = workspace.write(workspace.at('f'));
    const watch = bench.watcher.watch(path);
    const told: string[] = [];
    watch.on('batch', ({ changes }) => {
      for (const change of changes) told.push(`${change.kind} ${change.path}`);
    });
    await watch.ready;
    for (let save = 0; save < 5; save += 1) {
      workspace.replace(path, `${save}`);
      workspace.write(workspace.at('beside'), `${save}`);
      await watch.flush();
    }
    bench
      .expect(told, 'reported changes')
      .toEqual(Array.from({ length: 5 }, () => `replace ${path}`));
  },
};

/** Files that take each other's names. */
export const replacingCases: readonly ConformanceCase[] = [
  ...scripts.map(scripted),
  singleFiles,
  goneAndBack,
  saveOfOne,
];
