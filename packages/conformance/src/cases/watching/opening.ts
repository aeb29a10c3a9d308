import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { ConformanceCase } from '../../conformance-case.ts';

/** Directories of the tree that is closed while it is opened, and times that is done. */
const DIRECTORIES = 1000;
const REPEATS = 24;

/** Files that appear while nobody can listen: more than a kernel queue is likely to lose, few enough to be quick. */
const UNHEARD = 3000;

/** Writes new files until its input ends. */
const WRITER = `
  const { mkdirSync, writeFileSync } = require('node:fs');
  let count = 0;
  const write = () => {
    const directory = process.argv[1] + '/w' + (count % 20);
    mkdirSync(directory, { recursive: true });
    writeFileSync(directory + '/f' + count, String(count));
    count += 1;
    if (count === 20) console.log('writing');
    if (count < 5000) setImmediate(write);
  };
  process.stdin.on('end', () => process.exit(0)).resume();
  write();
`;

/** Somebody writes while the watch opens. */
const openRace: ConformanceCase = {
  name: 'watch-open-race',
  title: 'what another process makes while a watch opens is told once, and adds up',
  run: async (bench) => {
    const { workspace } = bench;
    const writer = spawn(process.execPath, ['-e', WRITER, workspace.root], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const closed = once(writer, 'close');
    try {
      await once(writer.stdout, 'data');
      const scene = await bench.watch();
      writer.stdin.end();
      await closed;
      await scene.watch.flush();
      scene.expectModel(workspace.root);
      scene.expectOnce('create');
    } finally {
      writer.kill();
      await closed;
    }
  },
};

/** Nobody listens while much happens. */
const blocked: ConformanceCase = {
  name: 'watch-blocked-loop',
  title: 'what another process does while the event loop is blocked is told after a flush',
  run: async (bench) => {
    const { workspace } = bench;
    const scene = await bench.watch();
    const code = `
      const { mkdirSync, renameSync, rmSync, writeFileSync } = require('node:fs');
      const root = process.argv[1];
      for (let i = 0; i < ${UNHEARD}; i += 1) {
        mkdirSync(root + '/d' + (i % 30), { recursive: true });
        writeFileSync(root + '/d' + (i % 30) + '/f' + i, 'x');
      }
      rmSync(root + '/d1', { recursive: true });
      renameSync(root + '/d2', root + '/moved');
    `;
    const { status } = spawnSync(process.execPath, ['-e', code, workspace.root]);
    bench.expect(status, 'the exit code of the writer').toBe(0);
    await scene.watch.flush();
    scene.expectModel(workspace.root);
  },
};

/** Closing at any moment of opening (chokidar issue 1482). */
const closeDuringOpen: ConformanceCase = {
  name: 'watch-close-while-opening',
  title: 'a watch that is closed at any moment of opening a large tree leaves nothing behind',
  run: async (bench) => {
    const { workspace } = bench;
    for (let index = 0; index < DIRECTORIES; index += 1) {
      workspace.makeDirectory(workspace.at(`d${index % 50}/e${index}`));
    }
    for (let turns = 0; turns < REPEATS; turns += 1) {
      const controller = new AbortController();
      const watch = bench.watcher.watch(workspace.root, {
        recursive: true,
        signal: controller.signal,
      });
      const outcome = watch.ready.then(
        () => 'ready',
        (error: { readonly code?: string }) => error.code,
      );
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      if (turns % 2 === 0) controller.abort();
      await watch.close();
      const allowed = ['ready', 'ERR_WATCH_ABORTED', 'ERR_WATCH_CLOSED'];
      bench.expect(allowed.includes((await outcome) ?? ''), 'an outcome of its own').toBe(true);
    }
    await bench.watcher.close();
    await bench.expectReleased();
  },
};

/** A signal that is aborted already. */
const abortBefore: ConformanceCase = {
  name: 'watch-abort-before',
  title: 'a watch with an aborted signal is closed, and its ready rejects with ERR_WATCH_ABORTED',
  run: async (bench) => {
    const watch = bench.watcher.watch(bench.workspace.root, { signal: AbortSignal.abort() });
    const code = await watch.ready.then(
      () => 'ready',
      (error: { readonly code?: string }) => error.code,
    );
    bench.expect(code, 'what ready rejects with').toBe('ERR_WATCH_ABORTED');
    bench.expect(watch.state, 'the state of the watch').toBe('closed');
    await bench.expectReleased();
  },
};

/** How a watch begins. */
export const openingCases: readonly ConformanceCase[] = [
  openRace,
  blocked,
  closeDuringOpen,
  abortBefore,
];
