import { appendFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toAbsPath } from '../src/abs-path.ts';
import type { Touch } from '../src/backend.ts';
import { readEntrySync } from '../src/entry-stat.ts';
import { CHUNK, Examiner, SLICE_MS } from '../src/examiner.ts';
import { SlowLane, statAll } from '../src/look.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { scene } from './support/scene.ts';

describe('a stat that came with a touch', () => {
  it('is not believed when core looked for itself since it came', async () => {
    const { watcher, backend, root, at } = scene({ clock: createManualClock() });
    // More than is looked at before a reading of the whole directory has its turn.
    const names = Array.from({ length: CHUNK * 12 }, (_, index) => `f${index}`);
    const last = names.at(-1) ?? '';
    const before = names.at(-2) ?? '';
    for (const name of names) writeFileSync(at(name), '1');
    const watch = watcher.watch(root);
    const told: string[] = [];
    watch.on('batch', ({ changes }) => {
      for (const { path, before: was, after } of changes) {
        if (path === at(last) || path === at(before)) told.push(`${was?.size}->${after?.size}`);
      }
    });
    await watch.ready;
    for (const name of names) appendFileSync(at(name), '2');
    rmSync(at(last));
    const touches = names.map((name): Touch => {
      const path = toAbsPath(at(name));
      return { path, reach: 'entry', stat: readEntrySync(path) };
    });
    const read = watch.rescan();
    backend.active[0]?.sink.touched(touches);
    for (const name of [last, before]) writeFileSync(at(name), '1234');
    await read;
    await watch.flush();
    expect(told).toEqual(['1->4', '1->4']);
  });
});

describe('what a scan is told', () => {
  it('was read in the same turn, so that nothing newer was seen before', async () => {
    const { at } = scene();
    const path = toAbsPath(at('f'));
    writeFileSync(path, '');
    let now = 0;
    const clock = { ...createManualClock(), now: () => (now += SLICE_MS) };
    const model = {
      *examine() {
        yield* statAll([]);
      },
      examineNow: () => undefined,
      rested: () => appendFileSync(path, 'x'),
    };
    const examiner = new Examiner(model, clock, new SlowLane());
    examiner.slow = false;
    const seen: bigint[] = [];
    const real: bigint[] = [];
    examiner.scan(
      (function* () {
        for (let step = 0; step < 4; step++) {
          const [look] = yield* statAll([path]);
          seen.push(look !== null && look !== undefined && 'size' in look ? look.size : -1n);
          real.push(statSync(path, { bigint: true }).size);
        }
      })(),
    );
    await expect.poll(() => seen.length).toBe(4);
    expect(seen).toEqual(real);
  });
});
