import { relative, sep } from 'node:path';
import type { ConformanceCase } from '../../conformance-case.ts';
import { scripted } from './scripted-case.ts';

/** Nothing happens. */
const quiet = scripted({
  name: 'quiet',
  title: 'a populated tree in which nothing happens reports nothing',
  prepare: (w) => {
    w.write(w.at('a/f'));
    w.write(w.at('b/g'));
    w.write(w.at('h'));
  },
  steps: [[{}, () => {}]],
});

/** What is there at the start. */
const initial: ConformanceCase = {
  name: 'watch-initial',
  title: 'with initial emit, every entry is one create before ready, parents before children',
  run: async (bench) => {
    const { workspace } = bench;
    workspace.write(workspace.at('a/b/f'));
    workspace.write(workspace.at('g'));
    const watch = bench.watcher.watch(workspace.root, { recursive: true, initial: 'emit' });
    const seen: string[] = [];
    watch.on('batch', ({ changes }) => {
      for (const { kind, path, origin } of changes) {
        if (path !== workspace.root) seen.push(`${kind} ${path} ${origin}`);
      }
    });
    await watch.ready;
    const wanted = ['a', 'a/b', 'a/b/f', 'g'].map((p) => `create ${workspace.at(p)} initial`);
    bench.expect([...seen].sort(), 'what was there').toEqual([...wanted].sort());
    const order = ['a', 'a/b', 'a/b/f'].map((p) =>
      seen.indexOf(`create ${workspace.at(p)} initial`),
    );
    bench.expect(order, 'parents first').toEqual([...order].sort((x, y) => x - y));
  },
};

/** Ready means ready. */
const atOnce: ConformanceCase = {
  name: 'watch-at-once',
  title: 'a change in the turn in which ready resolves is reported',
  run: async (bench) => {
    const { workspace } = bench;
    const watch = bench.watcher.watch(workspace.root, { recursive: true });
    const kinds: string[] = [];
    watch.on('batch', ({ changes }) => void kinds.push(...changes.map(({ kind }) => kind)));
    await watch.ready;
    workspace.write(workspace.at('f'));
    await watch.flush();
    bench.expect(kinds, 'reported kinds').toEqual(['create']);
  },
};

/** The caller's own spelling. */
const spelling: ConformanceCase = {
  name: 'watch-spelling',
  title: 'a root given with dots and doubled or trailing separators is watched all the same',
  run: async (bench) => {
    const { workspace } = bench;
    workspace.makeDirectory(workspace.at('d'));
    const given = `${workspace.root}${sep}${sep}d${sep}..${sep}d${sep}`;
    const scene = await bench.watch(given);
    await scene.step({ f: 'create' }, () => void workspace.write(workspace.at('d/f')));
    const near = await bench.watch(relative(process.cwd(), workspace.root));
    await near.step({ g: 'create' }, () => void workspace.write(workspace.at('g')));
    await scene.step({}, () => {});
  },
};

/** Two of a kind. */
const shared: ConformanceCase = {
  name: 'watch-two-of-one-root',
  title: 'two watches of one root are told the same, and one goes on when the other closes',
  run: async (bench) => {
    const { workspace } = bench;
    const one = await bench.watch();
    const two = await bench.watch();
    workspace.write(workspace.at('f'));
    await one.step({ f: 'create' }, () => {});
    await two.step({ f: 'create' }, () => {});
    await one.watch.close();
    await two.step({ g: 'create' }, () => void workspace.write(workspace.at('g')));
  },
};

/** Nothing after the call. */
const closing: ConformanceCase = {
  name: 'watch-close',
  title: 'after close is called, also from a listener, nothing more is reported',
  run: async (bench) => {
    const { workspace } = bench;
    const closed = bench.watcher.watch(workspace.root, { recursive: true });
    const other = await bench.watch();
    let batches = 0;
    const closings: Promise<void>[] = [];
    closed.on('batch', () => {
      batches += 1;
      closings.push(closed.close());
    });
    await closed.ready;
    workspace.write(workspace.at('f'));
    await closed.flush();
    await other.step({ f: 'create', g: 'create' }, () => void workspace.write(workspace.at('g')));
    await Promise.all(closings);
    bench.expect(batches, 'batches of the closed watch').toBe(1);
    bench.expect(closed.state, 'its state').toBe('closed');
  },
};

/** How a watch begins and ends. */
export const lifecycleCases: readonly ConformanceCase[] = [
  quiet,
  initial,
  atOnce,
  spelling,
  shared,
  closing,
];
