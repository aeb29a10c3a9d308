import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { AbsPath } from '@watchkeeper/core';
import type { ConformanceCase } from '../../conformance-case.ts';

/** Nested directories that any watch must bear. */
const DEPTH = 60;

/** Longest path that Linux takes in one call, less what a file name below it needs. */
const PATH_BYTES = 4096 - 32;

/** Deep trees. */
const depth: ConformanceCase = {
  name: 'watch-depth',
  title: `a file ${DEPTH} directories down is told when it comes and when it is written`,
  applies: ({ capabilities }) =>
    capabilities.newDirectories === 'covered' || 'new directories leave a gap here',
  run: async (bench) => {
    const { workspace } = bench;
    const scene = await bench.watch();
    const levels = Array.from({ length: DEPTH }, () => 'd');
    const file = [...levels, 'f'].join('/');
    const directories = levels.map((_, index) => levels.slice(0, index + 1).join('/'));
    const created = Object.fromEntries(
      [...directories, file].map((path) => [path, 'create' as const]),
    );
    await scene.step(created, () => void workspace.write(workspace.at(file)));
    await scene.step({ [file]: 'modify' }, () => workspace.append(workspace.at(file)));
  },
};

/** Paths that no call takes. */
const longPaths: ConformanceCase = {
  name: 'watch-longest-paths',
  title:
    'paths up to the longest are told; longer ones are a problem at most, and the rest is told',
  applies: () => process.platform === 'linux' || 'the longest path is another one here',
  run: async (bench) => {
    const { workspace } = bench;
    const scene = await bench.watch();
    const name = 'n'.repeat(200);
    let deep: AbsPath = workspace.root;
    while (deep.length + name.length + 1 < PATH_BYTES) deep = join(deep, name) as AbsPath;
    workspace.makeDirectory(deep);
    const beyond = 'mkdir -p "$1/$1" && echo x > "$1/$1/f"';
    const { status } = spawnSync('sh', ['-c', beyond, 'sh', name], { cwd: deep });
    bench.expect(status, 'the exit code of what makes the longer path').toBe(0);
    workspace.write(workspace.at('a'));
    await scene.watch.flush();
    const told = scene.takeNames();
    bench.expect(told.includes('a'), 'the neighbour is told').toBe(true);
    bench.expect(told.includes(workspace.relative(deep)), 'the longest path is told').toBe(true);
    const effects = scene.problems.filter(({ effect }) => effect === 'closed');
    bench.expect(effects, 'problems that end the watch').toEqual([]);
    spawnSync('rm', ['-rf', workspace.at(name)]);
    await scene.watch.flush();
    scene.expectModel(workspace.root);
  },
};

/** A sub-directory that may not be read. */
const unreadable: ConformanceCase = {
  name: 'watch-unreadable-directory',
  title:
    'an unreadable directory is a problem that names it; the rest works, and it is read when it may be',
  applies: () => {
    if (process.platform === 'win32') return 'Windows has no permission bits';
    return process.getuid?.() !== 0 || 'the superuser may read everything';
  },
  run: async (bench) => {
    const { workspace } = bench;
    workspace.write(workspace.at('locked/f'));
    chmodSync(workspace.at('locked'), 0o000);
    const scene = await bench.watch();
    await scene.step({ a: 'create' }, () => void workspace.write(workspace.at('a')));
    const named = scene.problems.some(({ code, paths }) => {
      return code === 'ERR_WATCH_PERMISSION' && paths.includes(workspace.at('locked'));
    });
    bench.expect(named, 'a problem names the directory').toBe(true);
    chmodSync(workspace.at('locked'), 0o700);
    await scene.watch.rescan();
    scene.takeNames();
    await scene.step(
      { 'locked/g': 'create' },
      () => void workspace.write(workspace.at('locked/g')),
    );
    scene.expectModel(workspace.root);
  },
};

/** What is deep, long or closed. */
export const extremeCases: readonly ConformanceCase[] = [depth, longPaths, unreadable];
