import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { record, scene, type Scene } from './support/scene.ts';

function turn({ at, backend }: Scene, link: string, to: string): void {
  symlinkSync(to, at(`${link}.new`));
  renameSync(at(`${link}.new`), at(link));
  backend.touch(at(link));
}

function writeTouched({ at, backend }: Scene, ...names: readonly string[]): void {
  writeFileSync(at(...names), '');
  backend.touch(at(...names));
}

function removeTouched({ at, backend }: Scene, ...names: readonly string[]): void {
  rmSync(at(...names));
  backend.touch(at(...names));
}

describe('while a path is followed to where its link was turned', () => {
  it('what changes in the old directory, which somebody else watches, is neither lost nor invented', async () => {
    const stage = scene();
    const { watcher, backend, root, at } = stage;
    mkdirSync(at('d1'));
    mkdirSync(at('d2'));
    for (const name of ['f', 'g']) writeFileSync(at('d1', name), '');
    symlinkSync('d1', at('cur'));
    const watch = watcher.watch(at('cur'));
    const other = watcher.watch(at('d1'));
    const seen = record(watch, root);
    const others = record(other, root);
    await watch.ready;
    await other.ready;
    const release = backend.holdOpens();
    turn(stage, 'cur', 'd2');
    removeTouched(stage, 'd1', 'f');
    writeTouched(stage, 'd1', 'h');
    copyFileSync(at('d1', 'h'), at('d2', 'q'));
    expect((await others.next(2)).toSorted()).toEqual(['create d1/h', 'remove d1/f']);
    const cursor = await watch.cursor();
    release();
    await watch.flush();
    expect(seen.take().toSorted()).toEqual([
      'create cur/q',
      'remove cur/f',
      'remove cur/g',
      'replace cur',
    ]);
    const resumed = watcher.watch(at('cur'), { since: cursor });
    const again = record(resumed, root);
    await resumed.ready;
    expect(again.take().toSorted()).toEqual([
      'create cur/q',
      'remove cur/f',
      'remove cur/g',
      'replace cur',
    ]);
  });

  it('what changes in a directory to which it leads by another way is told', async () => {
    const stage = scene();
    const { watcher, backend, root, at } = stage;
    mkdirSync(at('d1'));
    mkdirSync(at('other'));
    writeFileSync(at('d1', 'f'), '');
    symlinkSync('d1', at('cur'));
    symlinkSync('../d1', at('other', 'l'));
    const watch = watcher.watch(at('cur'));
    const seen = record(watch, root);
    await watch.ready;
    const release = backend.holdOpens();
    turn(stage, 'cur', 'other/l');
    removeTouched(stage, 'd1', 'f');
    writeTouched(stage, 'd1', 'new');
    release();
    await watch.flush();
    expect(seen.take().toSorted()).toEqual(['create cur/new', 'remove cur/f']);
  });
});
