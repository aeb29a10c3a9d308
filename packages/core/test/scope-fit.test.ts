import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Capabilities, Scope } from '../src/backend.ts';
import type { AbsPath } from '../src/entry.ts';
import { PathWatcher } from '../src/path-watcher.ts';
import { MAX_FILTERED_DIRECTORIES, misfit } from '../src/scope-fit.ts';
import { createManualBackend } from '../src/testing/manual-backend.ts';
import { temporaryDirectory } from './support/scene.ts';

const filtered = { names: 'filtered', directory: 'filtered', tree: 'native' } as const;
const oneName: Scope = { kind: 'names', names: new Set(['app.json']) };

function promising(costPer: Capabilities['costPer']): Capabilities {
  const backend = createManualBackend({ capabilities: { scope: filtered, costPer } });
  return backend.capabilities({} as never);
}

function reasonAt(root: string, scope = oneName, costPer: Capabilities['costPer'] = 'directory') {
  return misfit('wide', promising(costPer), { root: root as AbsPath, scope });
}

/** A directory with this many directories below it, on two levels. */
function treeOf(directories: number): string {
  const root = temporaryDirectory();
  mkdirSync(`${root}/deep`);
  for (let made = 1; made < directories; made++) mkdirSync(`${root}/deep/${made}`);
  return root;
}

describe('a backend that watches more than it is asked for', () => {
  it.each([
    ['the root of a file system', '/', 'it is the root of a file system'],
    ['a home directory', homedir(), 'it is a home directory'],
  ])('does not serve a name in %s', async (_, root, because) => {
    expect(await reasonAt(root, oneName, 'root')).toMatchObject({
      code: 'ERR_WATCH_SCOPE_UNSUPPORTED',
      message: expect.stringContaining(`for one name in it: ${because}`),
    });
  });

  it('does not serve what would cost a watch on each of many directories', async () => {
    const root = treeOf(MAX_FILTERED_DIRECTORIES + 1);
    expect((await reasonAt(root, { kind: 'directory' }))?.message).toContain(
      `for its direct entries: it has more than ${MAX_FILTERED_DIRECTORIES} directories`,
    );
    expect(await reasonAt(root, { kind: 'tree' })).toBeNull();
    expect(await reasonAt(root, oneName, 'root')).toBeNull();
  });

  it('serves what is small enough', async () => {
    expect(await reasonAt(treeOf(MAX_FILTERED_DIRECTORIES))).toBeNull();
    expect(await reasonAt(`${temporaryDirectory()}/gone`)).toBeNull();
  });

  it('is passed over for one that watches what is asked', async () => {
    const root = treeOf(MAX_FILTERED_DIRECTORIES + 1);
    const wide = createManualBackend({
      name: 'wide',
      capabilities: { scope: filtered, costPer: 'directory' },
    });
    const narrow = createManualBackend({ name: 'narrow' });
    const watcher = new PathWatcher({ backends: [wide, narrow] });
    onTestFinished(() => watcher.close());
    const watch = watcher.watch(`${root}/app.json`);
    await watch.ready;
    expect(watch.backend?.name).toBe('narrow');
    const { chosen, rejected } = await watcher.explain(`${root}/app.json`);
    expect(chosen).toBe('narrow');
    expect(rejected[0]?.because).toContain('would watch all of');
  });
});
