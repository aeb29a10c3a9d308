import { utimesSync } from 'node:fs';
import type { Change } from '@watchkeeper/core';
import type { Bench } from '../../bench.ts';
import type { ConformanceCase } from '../../conformance-case.ts';

/** An old date, in seconds. */
const OLD = 1_000_000_000;

async function cursorOf(bench: Bench): Promise<Uint8Array> {
  const watch = bench.watcher.watch(bench.workspace.root, { recursive: true });
  await watch.ready;
  const cursor = await watch.cursor();
  await watch.close();
  return cursor;
}

/** What a watch tells that goes on from a cursor, until it is live and flushed. */
async function resumed(bench: Bench, since: Uint8Array): Promise<readonly Change[]> {
  const watch = bench.watcher.watch(bench.workspace.root, { recursive: true, since });
  const told: Change[] = [];
  watch.on('batch', ({ changes }) => void told.push(...changes));
  await watch.ready;
  await watch.flush();
  return told.filter(({ path }) => path !== bench.workspace.root);
}

const words = (changes: readonly Change[], { workspace }: Bench): readonly string[] =>
  changes.map(({ kind, path }) => `${kind} ${workspace.relative(path)}`).sort();

/** What happened while nobody watched. */
const offline: ConformanceCase = {
  name: 'watch-resume',
  title:
    'what changed while nobody watched is told by the next watch from the cursor, and nothing else',
  run: async (bench) => {
    const { workspace } = bench;
    for (const name of ['same', 'modified', 'removed', 'renamed', 'replaced', 'd/inside']) {
      utimesSync(workspace.write(workspace.at(name)), OLD, OLD);
    }
    const cursor = await cursorOf(bench);
    workspace.append(workspace.at('modified'));
    workspace.remove(workspace.at('removed'));
    workspace.rename(workspace.at('renamed'), workspace.at('named'));
    workspace.replace(workspace.at('replaced'), 'CONTENT\n');
    utimesSync(workspace.at('replaced'), OLD, OLD);
    workspace.write(workspace.at('d/created'));
    const told = await resumed(bench, cursor);
    bench
      .expect(words(told, bench), 'what is told')
      .toEqual([
        'create d/created',
        'create named',
        'modify modified',
        'remove removed',
        'remove renamed',
        'replace replaced',
      ]);
    const origins = [...new Set(told.map(({ origin }) => origin))];
    bench.expect(origins, 'the origin of all of it').toEqual(['resume']);
  },
};

/** A cursor that is taken in the middle of things. */
const pending: ConformanceCase = {
  name: 'watch-resume-pending',
  title: 'what was not delivered when a cursor was taken is told by the watch that goes on from it',
  run: async (bench) => {
    const { workspace } = bench;
    const path = workspace.write(workspace.at('a'));
    const watch = bench.watcher.watch(workspace.root, {
      recursive: true,
      settleMs: 10_000,
      maxSettleMs: 10_000,
    });
    await watch.ready;
    workspace.append(path);
    const cursor = await watch.cursor();
    await watch.close();
    bench.expect(words(await resumed(bench, cursor), bench), 'what is told').toEqual(['modify a']);
  },
};

/** Cursors that are none. */
const invalid: ConformanceCase = {
  name: 'watch-resume-invalid',
  title: 'a cut, damaged or foreign cursor is ERR_WATCH_CURSOR_INVALID, and nothing is told',
  run: async (bench) => {
    const { workspace } = bench;
    workspace.write(workspace.at('a'));
    const cursor = await cursorOf(bench);
    const other = bench.watcher.watch(workspace.makeDirectory(workspace.outside('d')));
    await other.ready;
    const foreign = await other.cursor();
    const garbage = new TextEncoder().encode('no cursor at all');
    const middle = Math.floor(cursor.length / 2);
    const damaged = cursor.with(middle, ((cursor[middle] ?? 0) + 1) % 256);
    for (const since of [new Uint8Array(), garbage, cursor.subarray(0, -1), damaged, foreign]) {
      const watch = bench.watcher.watch(workspace.root, { recursive: true, since });
      let batches = 0;
      watch.on('batch', () => void (batches += 1));
      const code = await watch.ready.then(
        () => 'ready',
        (error: { readonly code?: string }) => error.code,
      );
      bench
        .expect([code, batches], 'the refusal, and batches')
        .toEqual(['ERR_WATCH_CURSOR_INVALID', 0]);
    }
  },
};

/** Going on where an earlier watch stopped. */
export const resumingCases: readonly ConformanceCase[] = [offline, pending, invalid];
