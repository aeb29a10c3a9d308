import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, linkSync, openSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { sep } from 'node:path';
import type { ConformanceCase } from '../../conformance-case.ts';

/** Bytes that are not UTF-8: what Latin-1 writes for an e with an acute accent, between plain letters. */
const ODD_BYTES = Buffer.from([0x61, 0xe9, 0x62]);

const posix = (): true | string => process.platform !== 'win32' || 'POSIX only';

/** What is neither file nor directory. */
const specialFiles: ConformanceCase = {
  name: 'watch-special-files',
  title: 'a fifo and a socket are creates of type other, and removes; neither is opened',
  applies: posix,
  run: async (bench) => {
    const { workspace } = bench;
    const scene = await bench.watch();
    const server = createServer();
    await scene.step({ fifo: 'create' }, () => void execFileSync('mkfifo', [workspace.at('fifo')]));
    server.listen(workspace.at('s'));
    await once(server, 'listening');
    await scene.step({ s: 'create' }, () => {});
    const types = scene.batches.flatMap(({ changes }) =>
      changes.filter(({ kind, path }) => kind === 'create' && path !== workspace.root),
    );
    bench
      .expect(
        types.map(({ after }) => after?.type),
        'types',
      )
      .toEqual(['other', 'other']);
    server.close();
    await once(server, 'close');
    await scene.step({ s: 'remove', fifo: 'remove' }, () => workspace.remove(workspace.at('fifo')));
    bench.expect(scene.problems, 'problems').toEqual([]);
  },
};

/** Names that are no text. */
const oddBytes: ConformanceCase = {
  name: 'watch-name-of-other-bytes',
  title: 'a name that is not UTF-8 disturbs nothing: its neighbours are told right',
  applies: () => process.platform === 'linux' || 'the file system refuses such names',
  run: async (bench) => {
    const { workspace } = bench;
    const odd = Buffer.concat([Buffer.from(workspace.root + sep), ODD_BYTES]);
    const scene = await bench.watch();
    const names = async (): Promise<readonly string[]> => {
      await scene.watch.flush();
      return scene.takeNames().filter((name) => /^[\w/]*$/.test(name));
    };
    writeFileSync(odd, 'one');
    workspace.write(workspace.at('a'));
    bench.expect(await names(), 'plain names beside it').toEqual(['a']);
    writeFileSync(odd, 'longer');
    workspace.append(workspace.at('a'));
    bench.expect(await names(), 'plain names beside it').toEqual(['a']);
    renameSync(odd, workspace.at('b'));
    bench.expect(await names(), 'the plain name it took').toEqual(['b']);
    renameSync(workspace.at('b'), odd);
    bench.expect(await names(), 'the plain name it left').toEqual(['b']);
    unlinkSync(odd);
    workspace.remove(workspace.at('a'));
    bench.expect(await names(), 'plain names beside it').toEqual(['a']);
    scene.expectModel(workspace.root);
  },
};

/** Written through a name that nobody watches. */
const linkOutside: ConformanceCase = {
  name: 'watch-hard-link-outside',
  title: 'what is written through a hard link outside is a modify, at the latest of a rescan',
  applies: posix,
  run: async (bench) => {
    const { workspace } = bench;
    const outside = workspace.write(workspace.outside('f'));
    linkSync(outside, workspace.at('f'));
    const scene = await bench.watch();
    workspace.append(outside);
    await scene.watch.rescan();
    scene.expectChanges({ f: 'modify' });
    scene.expectModel(workspace.root);
  },
};

/** A name goes while the file lives on. */
const unlinkWhileOpen: ConformanceCase = {
  name: 'watch-unlink-while-open',
  title: 'a file that is unlinked while somebody has it open is a remove at once',
  applies: posix,
  run: async (bench) => {
    const { workspace } = bench;
    const descriptor = openSync(workspace.write(workspace.at('a')), 'r+');
    const scene = await bench.watch();
    try {
      await scene.step({ a: 'remove' }, () => workspace.remove(workspace.at('a')));
      await scene.step({}, () => writeFileSync(descriptor, 'unseen'));
    } finally {
      closeSync(descriptor);
    }
    scene.expectModel(workspace.root);
  },
};

/** Entries and names out of the ordinary. */
export const specialFileCases: readonly ConformanceCase[] = [
  specialFiles,
  oddBytes,
  linkOutside,
  unlinkWhileOpen,
];
