import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ConformanceCase } from '../../conformance-case.ts';
import type { Workspace } from '../../workspace.ts';
import { scripted, type Script } from './scripted-case.ts';

const posix = (): true | string =>
  process.platform !== 'win32' || 'links need a privilege on Windows';

function retarget(workspace: Workspace, link: string, target: string): void {
  const temporary = workspace.at(`${link}.tmp`);
  symlinkSync(target, temporary);
  renameSync(temporary, workspace.at(link));
}

const scripts: readonly Script[] = [
  {
    name: 'links-inside',
    title: 'a link inside a tree is judged by itself: its target may change unreported',
    applies: posix,
    prepare: (w) => {
      w.write(w.outside('target'));
      symlinkSync(w.outside('target'), w.at('link'));
    },
    steps: [
      [{}, (w) => w.append(w.outside('target'))],
      [{ link: 'replace' }, (w) => retarget(w, 'link', w.outside('other'))],
    ],
  },
  {
    name: 'link-loop',
    title: 'a link to a directory above is an entry, never followed',
    applies: posix,
    prepare: (w) => {
      w.makeDirectory(w.at('a'));
      symlinkSync('..', w.at('a/loop'));
    },
    steps: [[{ 'a/f': 'create' }, (w) => void w.write(w.at('a/f'))]],
  },
];

/** A root reached through a link. */
const linkedRoot: ConformanceCase = {
  name: 'watch-linked-root',
  title: 'a watched link to a directory reports entries in the spelling of the link',
  applies: posix,
  run: async (bench) => {
    const { workspace } = bench;
    const link = join(workspace.base, 'link');
    symlinkSync(workspace.root, link);
    const scene = await bench.watch(link);
    await scene.step({ f: 'create' }, () => void workspace.write(workspace.at('f')));
    const paths = scene.batches.flatMap(({ changes }) => changes.map(({ path }) => path));
    bench.expect(paths.includes(join(link, 'f')), 'the spelling of the link').toBe(true);
  },
};

/** The way Kubernetes publishes a ConfigMap: one link is swapped, the file's own link never is. */
const configMap: ConformanceCase = {
  name: 'watch-config-map',
  title: 'a file behind a swapped directory link is replaced or modified, never removed',
  applies: posix,
  run: async (bench) => {
    const { workspace } = bench;
    workspace.write(workspace.at('..v0/c.json'), '0');
    symlinkSync('..v0', workspace.at('..data'));
    symlinkSync(join('..data', 'c.json'), workspace.at('c.json'));
    const watch = bench.watcher.watch(workspace.at('c.json'));
    const kinds: string[] = [];
    watch.on('batch', ({ changes }) => void kinds.push(...changes.map(({ kind }) => kind)));
    await watch.ready;
    for (let version = 1; version <= 3; version += 1) {
      kinds.length = 0;
      workspace.write(workspace.at(`..v${version}/c.json`), `${version}`);
      retarget(workspace, '..data', `..v${version}`);
      workspace.remove(workspace.at(`..v${version - 1}`));
      await watch.flush();
      const changed = kinds.length === 1 && ['replace', 'modify'].includes(kinds[0] ?? '');
      bench.expect(changed, `swap ${version} reported as ${kinds.join()}`).toBe(true);
    }
  },
};

/** What a link leads to. */
const followed: ConformanceCase = {
  name: 'watch-followed-link',
  title: 'a watched link is judged by its target, also when that comes later',
  applies: posix,
  run: async (bench) => {
    const { workspace } = bench;
    const target = workspace.outside('target');
    workspace.makeDirectory(workspace.outside('.'));
    symlinkSync(target, workspace.at('link'));
    const watch = bench.watcher.watch(workspace.at('link'));
    const kinds: string[] = [];
    watch.on('batch', ({ changes }) => void kinds.push(...changes.map(({ kind }) => kind)));
    await watch.ready;
    workspace.write(target);
    await watch.flush();
    workspace.append(target);
    await watch.flush();
    bench.expect(kinds, 'reported kinds').toEqual(['create', 'modify']);
  },
};

/** A chain of which the middle moves. */
const chain: ConformanceCase = {
  name: 'watch-link-chain',
  title:
    'a watched chain of two links in different directories is told when the middle one is turned',
  applies: posix,
  run: async (bench) => {
    const { workspace } = bench;
    workspace.write(workspace.outside('one'), '1');
    workspace.write(workspace.outside('two'), '2');
    workspace.makeDirectory(workspace.at('m'));
    symlinkSync(workspace.outside('one'), workspace.at('m/middle'));
    symlinkSync(join('m', 'middle'), workspace.at('first'));
    const watch = bench.watcher.watch(workspace.at('first'));
    const kinds: string[] = [];
    watch.on('batch', ({ changes }) => void kinds.push(...changes.map(({ kind }) => kind)));
    await watch.ready;
    retarget(workspace, 'm/middle', workspace.outside('two'));
    await watch.flush();
    workspace.append(workspace.outside('one'));
    await watch.flush();
    workspace.append(workspace.outside('two'));
    await watch.flush();
    bench.expect(kinds, 'reported kinds').toEqual(['replace', 'modify']);
  },
};

/** The link and not what it leads to. */
const itself: ConformanceCase = {
  name: 'watch-link-itself',
  title: "with symlinks self, a link is told when it is turned, and its target's changes are not",
  applies: posix,
  run: async (bench) => {
    const { workspace } = bench;
    workspace.write(workspace.at('target'));
    symlinkSync('target', workspace.at('link'));
    const watch = bench.watcher.watch(workspace.at('link'), { symlinks: 'self' });
    const kinds: string[] = [];
    watch.on('batch', ({ changes }) => void kinds.push(...changes.map(({ kind }) => kind)));
    await watch.ready;
    workspace.append(workspace.at('target'));
    await watch.flush();
    retarget(workspace, 'link', 'missing');
    await watch.flush();
    workspace.write(workspace.at('missing'));
    await watch.flush();
    bench.expect(kinds, 'reported kinds').toEqual(['replace']);
  },
};

/** Links, as watched paths and inside of them. */
export const symlinkCases: readonly ConformanceCase[] = [
  ...scripts.map(scripted),
  linkedRoot,
  configMap,
  followed,
  chain,
  itself,
];
