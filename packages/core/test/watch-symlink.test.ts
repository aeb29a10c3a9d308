import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { record, scene, type Scene } from './support/scene.ts';

/** Turns a link in one step, as kubelet and deployment tools do. */
function turn({ at }: Scene, link: string, to: string): void {
  symlinkSync(to, at(`${link}.new`));
  renameSync(at(`${link}.new`), at(link));
}

describe('a watch of a symlink', () => {
  it('tells of the target under the path of the link', async () => {
    const { watcher, root, at } = scene();
    writeFileSync(at('target'), '');
    symlinkSync('target', at('link'));
    const watch = watcher.watch(at('link'));
    const seen = record(watch, root);
    await watch.ready;
    appendFileSync(at('target'), 'x');
    await watch.flush();
    expect(seen.take()).toEqual(['modify link']);
    expect(seen.batches[0]?.changes[0]?.after?.type).toBe('file');
  });

  it('tells of the link alone when asked to', async () => {
    const stage = scene();
    const { watcher, root, at } = stage;
    writeFileSync(at('target'), '');
    symlinkSync('target', at('link'));
    const watch = watcher.watch(at('link'), { symlinks: 'self' });
    const seen = record(watch, root);
    await watch.ready;
    appendFileSync(at('target'), 'x');
    await watch.flush();
    expect(seen.take()).toEqual([]);
    turn(stage, 'link', 'other');
    await watch.flush();
    expect(seen.take()).toEqual(['replace link']);
    expect(seen.batches[0]?.changes[0]?.after).toMatchObject({ type: 'symlink', link: 'other' });
  });

  it('tells of a link that is turned to another file, and follows that one from then on', async () => {
    const stage = scene();
    const { watcher, root, at } = stage;
    writeFileSync(at('one'), '1');
    writeFileSync(at('two'), '2');
    symlinkSync('one', at('link'));
    const watch = watcher.watch(at('link'));
    const seen = record(watch, root);
    await watch.ready;
    turn(stage, 'link', 'two');
    await watch.flush();
    expect(seen.take()).toEqual(['replace link']);
    appendFileSync(at('one'), 'x');
    await watch.flush();
    expect(seen.take()).toEqual([]);
    appendFileSync(at('two'), 'x');
    await watch.flush();
    expect(seen.take()).toEqual(['modify link']);
  });

  it('waits for the target of a dangling link', async () => {
    const { watcher, root, at } = scene();
    symlinkSync('missing', at('link'));
    const watch = watcher.watch(at('link'));
    const seen = record(watch, root);
    await watch.ready;
    writeFileSync(at('missing'), '');
    await watch.flush();
    expect(seen.take()).toEqual(['create link']);
    unlinkSync(at('missing'));
    await watch.flush();
    expect(seen.take()).toEqual(['remove link']);
  });

  it('tells of entries of a linked directory in the spelling of the link', async () => {
    const { watcher, root, at } = scene();
    mkdirSync(at('real'));
    symlinkSync('real', at('link'));
    const watch = watcher.watch(at('link'), { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    writeFileSync(at('real', 'f'), '');
    await watch.flush();
    expect(seen.take()).toEqual(['create link/f']);
  });

  it('tells the difference when a linked directory is turned', async () => {
    const stage = scene();
    const { watcher, root, at } = stage;
    for (const [directory, names] of [
      ['one', ['same', 'gone']],
      ['two', ['same', 'new']],
    ] as const) {
      mkdirSync(at(directory));
      for (const name of names) writeFileSync(at(directory, name), '');
    }
    symlinkSync('one', at('link'));
    const watch = watcher.watch(at('link'), { recursive: true });
    const seen = record(watch, root);
    await watch.ready;
    turn(stage, 'link', 'two');
    await watch.flush();
    expect(seen.take().toSorted()).toEqual([
      'create link/new',
      'remove link/gone',
      'replace link',
      'replace link/same',
    ]);
  });

  it('tells a mounted ConfigMap that is swapped three times, and no removal in between', async () => {
    const stage = scene();
    const { watcher, backend, root, at } = stage;
    const version = (name: string, content: string): void => {
      mkdirSync(at(name));
      writeFileSync(at(name, 'c.json'), content);
    };
    version('..v0', '0');
    symlinkSync('..v0', at('..data'));
    symlinkSync('..data/c.json', at('c.json'));
    const watch = watcher.watch(at('c.json'));
    const seen = record(watch, root);
    await watch.ready;
    expect(backend.active.map(({ request }) => request.root).toSorted()).toEqual(
      [root, at('..v0')].toSorted(),
    );
    for (let round = 1; round <= 3; round++) {
      version(`..v${round}`, String(round));
      turn(stage, '..data', `..v${round}`);
      rmSync(at(`..v${round - 1}`), { recursive: true });
      // The removal of the old target may be seen before the turn of the link.
      backend.touch(at(`..v${round - 1}`, 'c.json'), { hint: 'removed' });
      await watch.flush();
      expect(seen.take()).toEqual(['replace c.json']);
    }
    expect(backend.active.map(({ request }) => request.root).toSorted()).toEqual(
      [root, at('..v3')].toSorted(),
    );
    expect(seen.problems).toEqual([]);
  });

  it('tells of a swap in the middle of a chain across directories', async () => {
    const stage = scene();
    const { watcher, root, at } = stage;
    mkdirSync(at('a'));
    mkdirSync(at('b'));
    writeFileSync(at('one'), '');
    writeFileSync(at('two'), '');
    symlinkSync('../b/middle', at('a', 'link'));
    symlinkSync('../one', at('b', 'middle'));
    const watch = watcher.watch(at('a', 'link'));
    const seen = record(watch, root);
    await watch.ready;
    unlinkSync(at('b', 'middle'));
    symlinkSync('../two', at('b', 'middle'));
    await watch.flush();
    expect(seen.take()).toEqual(['replace a/link']);
  });

  it('tells of a loop as a problem, and recovers when it is undone', async () => {
    const stage = scene();
    const { watcher, root, at } = stage;
    symlinkSync('b', at('a'));
    symlinkSync('a', at('b'));
    const watch = watcher.watch(at('a'));
    const seen = record(watch, root);
    await watch.ready;
    expect(watch.state).toBe('degraded');
    expect(seen.problems.map(({ code }) => code)).toEqual(['ERR_WATCH_LOOP']);
    unlinkSync(at('a'));
    writeFileSync(at('a'), '');
    await watch.flush();
    expect(seen.take()).toEqual(['create a']);
    expect(watch.state).toBe('live');
  });

  it.each(['a', 'b', 'c'])('recovers when %s, one link of a loop, becomes a file', async (name) => {
    const { watcher, root, at } = scene();
    symlinkSync('b', at('a'));
    symlinkSync('c', at('b'));
    symlinkSync('a', at('c'));
    const watch = watcher.watch(at('a'));
    const seen = record(watch, root);
    await watch.ready;
    unlinkSync(at(name));
    writeFileSync(at(name), '');
    await watch.flush();
    expect(seen.take()).toEqual(['create a']);
    expect(watch.state).toBe('live');
    appendFileSync(at(name), 'x');
    await watch.flush();
    expect(seen.take()).toEqual(['modify a']);
  });

  it('tells of a file as removed when its path becomes a loop, each time', async () => {
    const stage = scene();
    const { watcher, backend, root, at } = stage;
    writeFileSync(at('f'), '');
    symlinkSync('f', at('b'));
    symlinkSync('b', at('a'));
    const watch = watcher.watch(at('a'));
    const seen = record(watch, root);
    await watch.ready;
    for (let round = 1; round <= 2; round++) {
      turn(stage, 'b', 'a');
      backend.touch(at('b'));
      await watch.flush();
      expect(seen.take()).toEqual(['remove a']);
      expect(seen.problems).toHaveLength(round);
      expect(seen.problems.at(-1)).toMatchObject({ code: 'ERR_WATCH_LOOP', effect: 'partial' });
      expect(watch.state).toBe('degraded');
      turn(stage, 'b', 'f');
      backend.touch(at('b'));
      await watch.flush();
      expect(seen.take()).toEqual(['create a']);
      expect(watch.state).toBe('live');
    }
  });

  it('tells of a directory as removed with all in it when its path becomes a loop', async () => {
    const stage = scene();
    const { watcher, root, at } = stage;
    mkdirSync(at('d'));
    writeFileSync(at('d', 'f'), '');
    symlinkSync('d', at('a'));
    const watch = watcher.watch(at('a'));
    const seen = record(watch, root);
    await watch.ready;
    turn(stage, 'a', 'a');
    await watch.flush();
    expect(seen.take().toSorted()).toEqual(['remove a', 'remove a/f']);
  });
});
