import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createConfig } from '../src/index.ts';
import { createRig, file, schema } from './fixtures/rig.ts';
import type { Rig, RigOptions } from './fixtures/rig.ts';

interface Crowd extends Rig {
  /** When each session was called, in milliseconds after the hint. */
  readonly calls: { readonly id: string; readonly at: number; readonly port: number }[];
  readonly peak: () => number;
}

/** A manager with sessions that have applied the first generation. */
async function crowd(count: number, given: RigOptions & { busyMs?: number } = {}): Promise<Crowd> {
  const rig = createRig(given);
  await rig.config.ready;
  const calls: { id: string; at: number; port: number }[] = [];
  let running = 0;
  let peak = 0;
  let start = Infinity;
  for (let index = 0; index < count; index++) {
    const id = `session-${index}`;
    rig.config.session({
      id,
      apply({ port }): void | Promise<void> {
        calls.push({ id, at: rig.clock.now() - start, port });
        peak = Math.max(peak, ++running);
        const { busyMs } = given;
        if (busyMs === undefined) {
          running--;
          return undefined;
        }
        const { promise, resolve: done } = Promise.withResolvers<void>();
        rig.clock.setTimeout(() => {
          running--;
          done();
        }, busyMs);
        return promise;
      },
    });
  }
  await rig.clock.advance(count * (given.busyMs ?? 1) + 1000);
  expect(rig.config.status().sessions).toMatchObject({ total: count, behind: 0 });
  calls.length = 0;
  peak = 0;
  start = rig.clock.now();
  return { ...rig, calls, peak: () => peak };
}

describe('one change', () => {
  test.each([1, 100, 1000])('is read as often for %i sessions as for one', async (count) => {
    // Without a look of the net, which reads a file once more when its clock may have been too coarse.
    const options = { timing: { reconcileMs: 60_000 } };
    const { calls, clock, config, fs, watcher } = await crowd(count, { options });
    const before = fs.reads.length;
    fs.write(file, 'port: 81\n');
    watcher.hint();
    await clock.advance(1900);
    expect(fs.reads.length - before).toBe(2);
    expect(config.status().counters).toMatchObject({ attempts: 2, changed: 2 });
    expect(calls).toHaveLength(count);
    expect(calls.every(({ port }) => port === 81)).toBe(true);
  });

  test('reaches a handful of sessions at once', async () => {
    const { calls, clock, fs, watcher } = await crowd(8);
    fs.write(file, 'port: 81\n');
    watcher.hint();
    await clock.advance(1900);
    expect(new Set(calls.map(({ at }) => at)).size).toBe(1);
  });

  test('reaches a thousand sessions spread evenly over the window', async () => {
    const { calls, clock, fs, watcher } = await crowd(1000);
    fs.write(file, 'port: 81\n');
    watcher.hint();
    await clock.advance(2500);
    const first = Math.min(...calls.map(({ at }) => at));
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const { at } of calls) tenths[Math.min(9, Math.floor((at - first) / 100))]! += 1;
    // A uniform spread of 1000 has 100 per tenth with a deviation of 9.5; five of those is a wide berth.
    for (const tenth of tenths) expect(tenth).toSatisfy((n: number) => n > 50 && n < 150);
  });

  test('keeps no more sessions busy than the limit says', async () => {
    const { calls, clock, fs, peak, watcher } = await crowd(60, {
      busyMs: 40,
      options: { fanout: { concurrency: 5, windowMs: 0 } },
    });
    fs.write(file, 'port: 81\n');
    watcher.hint();
    await clock.advance(1900);
    expect(calls).toHaveLength(60);
    expect(peak()).toBe(5);
  });

  test('of the same seed reaches sessions in the same order, of another generation in another', async () => {
    const options = { fanout: { seed: 7 } };
    const [one, two] = [await crowd(200, { options }), await crowd(200, { options })];
    for (const { clock, fs, watcher } of [one, two]) {
      fs.write(file, 'port: 81\n');
      watcher.hint();
      await clock.advance(4000);
    }
    const order = one.calls.map(({ id }) => id);
    expect(two.calls.map(({ id }) => id)).toEqual(order);
    one.calls.length = 0;
    one.fs.write(file, 'port: 82\n');
    one.watcher.hint();
    await one.clock.advance(4000);
    expect(one.calls).toHaveLength(200);
    expect(one.calls.map(({ id }) => id)).not.toEqual(order);
  });
});

describe('many changes', () => {
  test('in a burst are one load', async () => {
    const { clock, config, fs, told, watcher } = createRig();
    await config.ready;
    for (let write = 0; write < 100; write++) {
      fs.write(file, `port: ${1000 + write}\n`);
      watcher.hint();
      await clock.advance(1);
    }
    await clock.advance(2000);
    expect(told()).toEqual(['changed', 'changed']);
    expect(config.get('port')).toBe(1099);
    expect(config.status().counters.attempts).toBe(2);
  });

  test('in a row keep their distance, and the last one wins', async () => {
    const { clock, config, fs, watcher } = createRig();
    await config.ready;
    const published: number[] = [];
    config.subscribe(() => published.push(clock.now()));
    for (let write = 0; write < 20; write++) {
      fs.write(file, `port: ${1000 + write}\n`);
      watcher.hint();
      await clock.advance(400);
    }
    await clock.advance(4000);
    expect(config.get('port')).toBe(1019);
    expect(published.length).toBeGreaterThan(3);
    const gaps = published.slice(1).map((at, index) => at - published[index]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
  });

  test('that end where they began are none', async () => {
    const { clock, config, fs, told, watcher } = createRig();
    await config.ready;
    for (const port of [81, 82, 80]) {
      fs.write(file, `port: ${port}\n`);
      watcher.hint();
      await clock.advance(50);
    }
    await clock.advance(4000);
    expect(told()).toEqual(['changed']);
    expect(config.snapshot().generation).toBe(1);
  });

  test('in form only are loaded and tell nobody', async () => {
    const { clock, config, fs, told, watcher } = createRig({
      files: { [file]: 'port: 80\nname: x\n' },
    });
    await config.ready;
    fs.write(file, '# reordered\nname: "x"\nport: 80\n');
    watcher.hint();
    await clock.advance(4000);
    expect(told()).toEqual(['changed', 'unchanged']);
  });

  test('during a rollout give waiting sessions the newest value only, and nobody the older one after it', async () => {
    const { calls, clock, config, fs, watcher } = await crowd(500, {
      options: { fanout: { windowMs: 4000 }, timing: { minIntervalMs: 0 } },
    });
    fs.write(file, 'port: 81\n');
    watcher.hint();
    await clock.advance(2000);
    const early = calls.length;
    expect(early).toBeGreaterThan(50);
    fs.write(file, 'port: 82\n');
    watcher.hint();
    await clock.advance(10_000);
    expect(config.status().sessions).toMatchObject({ total: 500, behind: 0 });
    const bySession = Map.groupBy(calls, ({ id }) => id);
    expect(bySession.size).toBe(500);
    for (const row of bySession.values()) {
      const ports = row.map(({ port }) => port);
      expect([[82], [81, 82]]).toContainEqual(ports);
    }
    expect(calls.length).toBeLessThan(1000);
  });
});

test('two managers on one file share no state and see the same end', async () => {
  const { clock, config, fs, watcher } = createRig();
  const other = createConfig({
    schema,
    layers: [{ kind: 'file', path: resolve(file) }],
    clock,
    fs,
    watcher,
    watch: 'eager',
  });
  await Promise.all([config.ready, other.ready]);
  fs.write(file, 'port: 81\n');
  watcher.hint();
  await clock.advance(4000);
  expect([config.get('port'), other.get('port')]).toEqual([81, 81]);
  await other.close();
});
