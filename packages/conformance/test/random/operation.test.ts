import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { createProgram, perform, Workspace, type OperationKind } from '../../src/index.ts';
import { walkTree } from '../../src/tree-walk.ts';

function place() {
  const workspace = new Workspace();
  onTestFinished(() => workspace.dispose());
  const outside = workspace.makeDirectory(workspace.outside('.'));
  return { workspace, root: workspace.root, outside };
}

it.each<readonly [OperationKind, (stats: ReturnType<typeof lstatSync>, path: string) => unknown]>([
  ['append', (stats) => Number(stats?.size)],
  ['truncate', (stats) => Number(stats?.size)],
  ['rewrite-keeping-times', (stats) => Number(stats?.ctimeMs)],
  ['replace-by-rename', (stats) => Number(stats?.ino)],
  ['replace-by-unlink', (stats) => Number(stats?.birthtimeMs)],
  ['chmod', (stats) => Number(stats?.mode)],
  ['set-times-back', (stats) => Number(stats?.mtimeMs)],
])('%s changes a file', (kind, fact) => {
  const { workspace, ...at } = place();
  const path = workspace.write(workspace.at('a'));
  const before = fact(lstatSync(path), path);
  perform({ kind, path: 'a', other: 'b' }, at);
  expect(fact(lstatSync(path), path)).not.toBe(before);
});

it('keeps size and modification time of what it rewrites', () => {
  const { workspace, ...at } = place();
  const path = workspace.write(workspace.at('a'));
  perform({ kind: 'set-times-back', path: 'a', other: '' }, at);
  const { size, mtimeMs } = lstatSync(path);
  perform({ kind: 'rewrite-keeping-times', path: 'a', other: '' }, at);
  expect(lstatSync(path)).toMatchObject({ size, mtimeMs });
  expect(readFileSync(path, 'utf8')).not.toBe('content\n');
});

it('swaps links, moves out and in, and leaves no temporary name', () => {
  const { workspace, ...at } = place();
  workspace.write(workspace.at('a'));
  perform({ kind: 'symlink', path: 'l', other: 'a' }, at);
  perform({ kind: 'swap-symlink', path: 'l', other: 'b' }, at);
  expect(readlinkSync(workspace.at('l'))).toBe('b');
  perform({ kind: 'move-out', path: 'a', other: 'x/y' }, at);
  perform({ kind: 'move-in', path: 'z', other: 'x/y' }, at);
  expect([...walkTree(workspace.root).keys()].toSorted()).toEqual(['l', 'z']);
});

it('does nothing where the file system refuses', () => {
  const { workspace, ...at } = place();
  perform({ kind: 'rename', path: 'missing', other: 'b' }, at);
  perform({ kind: 'replace-by-rename', path: 'no/such', other: 'c' }, at);
  expect(walkTree(workspace.root).size).toBe(0);
});

it('mostly does something', () => {
  const { workspace, ...at } = place();
  const image = (): string =>
    [...walkTree(at.root)].map(([path, { ino, ctimeNs }]) => `${path} ${ino} ${ctimeNs}`).join();
  let effective = 0;
  const operations = createProgram(1).concat(createProgram(2), createProgram(3)).flat();
  let before = image();
  for (const operation of operations) {
    perform(operation, at);
    const after = image();
    if (after !== before) effective += 1;
    before = after;
  }
  expect(workspace.root).toBe(at.root);
  expect(effective / operations.length).toBeGreaterThan(0.4);
});
