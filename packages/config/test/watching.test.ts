import { resolve } from 'node:path';
import { WatchError } from '@watchkeeper/core';
import { describe, expect, test } from 'vitest';
import { createRig, file } from './fixtures/rig.ts';

const other = resolve('other.yaml');

function broken(): WatchError {
  return new WatchError('No more watches', {
    code: 'ERR_WATCH_LIMIT_WATCHES',
    backend: 'test',
    effect: 'closed',
  });
}

describe('watching', () => {
  test('starts with the first who wants to be told, and ends a while after the last', async () => {
    const { clock, config, watcher } = createRig({ listening: false });
    await config.ready;
    config.get();
    expect(watcher.watches).toHaveLength(0);
    const first = config.subscribe(() => undefined);
    const second = config.session({ id: 'a', apply: () => undefined });
    expect(watcher.open).toHaveLength(1);
    first.unsubscribe();
    await second.close();
    await clock.advance(4000);
    expect(watcher.open).toHaveLength(1);
    config.subscribe(() => undefined).unsubscribe();
    await clock.advance(4000);
    expect(watcher.watches).toHaveLength(1);
    await clock.advance(1000);
    expect(watcher.open).toHaveLength(0);
    expect(clock.pending).toBe(0);
  });

  test('is one watch per file, and not what keeps the process alive', () => {
    const { config, watcher } = createRig({
      layers: [
        { kind: 'file', path: file },
        { kind: 'file', path: other, required: false },
        { kind: 'file', path: file },
        { kind: 'file', path: resolve('still.yaml'), required: false, watch: false },
      ],
    });
    for (let index = 0; index < 50; index++) config.subscribe(() => undefined);
    expect(watcher.watches.map(({ path }) => path)).toEqual([file, other]);
    expect(watcher.watches[0]!.options).toMatchObject({ persistent: false });
  });

  test.each([
    ['lazy', 0],
    ['eager', 1],
    ['off', 0],
  ] as const)('with watch %s opens %i by itself', async (watch, count) => {
    const { config, watcher } = createRig({ options: { watch }, listening: false });
    await config.ready;
    expect(watcher.watches).toHaveLength(count);
    if (watch === 'off') config.subscribe(() => undefined);
    expect(watcher.watches).toHaveLength(count);
  });

  test('looks again once it is armed, because nobody told what came before', async () => {
    const rig = createRig({ listening: false });
    await rig.config.ready;
    rig.watcher.armsAtOnce = false;
    rig.config.subscribe(() => undefined);
    rig.fs.write(file, 'port: 81\n');
    await rig.clock.advance(500);
    expect(rig.config.get('port')).toBe(80);
    expect(rig.config.status().watch.mode).toBe('off');
    rig.watcher.watches[0]!.arm();
    await rig.clock.advance(500);
    expect(rig.config.get('port')).toBe(81);
    expect(rig.config.status().counters.missedHints).toBe(0);
  });

  test('that tells nothing is made good by the net within 5 seconds', async () => {
    const rig = createRig();
    await rig.config.ready;
    await rig.clock.advance(7777);
    rig.fs.write(file, 'port: 81\n');
    const start = rig.clock.now();
    while (rig.config.get('port') === 80) await rig.clock.advance(50);
    expect(rig.clock.now() - start).toBeLessThan(3000);
    expect(rig.config.status().counters.missedHints).toBe(1);
  });

  test('is made good by the net even for what looks cut off', async () => {
    const rig = createRig({ files: { [file]: 'port: 80\nname: long\n' } });
    await rig.config.ready;
    rig.fs.write(file, 'port: 80\n');
    const start = rig.clock.now();
    while (rig.config.get('name') === 'long') await rig.clock.advance(50);
    expect(rig.clock.now() - start).toBeLessThan(5000);
  });

  test('finds a change that hid behind the same size and times', async () => {
    const rig = createRig({ files: { [file]: 'port: 80\n' } });
    await rig.config.ready;
    rig.fs.write(file, 'port: 81\n');
    rig.watcher.hint();
    await rig.clock.advance(400);
    const real = rig.fs.stat.bind(rig.fs);
    const frozen = await real(file);
    rig.fs.stat = async () => Promise.resolve(frozen);
    rig.fs.write(file, 'port: 82\n');
    await rig.clock.advance(5000);
    expect(rig.config.get('port')).toBe(82);
  });

  test('that is idle costs a stat and no read', async () => {
    const rig = createRig();
    await rig.config.ready;
    await rig.clock.advance(5000);
    const before = rig.fs.reads.length;
    await rig.clock.advance(600_000);
    expect(rig.fs.reads.length).toBe(before);
    expect(rig.config.status().counters).toMatchObject({ attempts: 1, missedHints: 0 });
  });

  test('that ends is told as unhealthy and opened again, ever more rarely', async () => {
    const rig = createRig();
    await rig.config.ready;
    await rig.clock.advance(10);
    rig.watcher.armsAtOnce = false;
    rig.watcher.watches[0]!.become('closed', broken());
    expect(rig.config.status().watch).toMatchObject({ healthy: false, mode: 'off' });
    await rig.clock.advance(1000);
    expect(rig.watcher.watches).toHaveLength(2);
    rig.watcher.watches[1]!.refuse(broken());
    await rig.clock.advance(1999);
    expect(rig.watcher.watches).toHaveLength(2);
    await rig.clock.advance(1);
    expect(rig.watcher.watches).toHaveLength(3);
    rig.fs.write(file, 'port: 81\n');
    rig.watcher.watches[2]!.arm();
    await rig.clock.advance(1000);
    expect(rig.config.status().watch.healthy).toBe(true);
    expect(rig.config.get('port')).toBe(81);
    expect(rig.told().filter((type) => type === 'watch')).toHaveLength(2);
  });

  test('that cannot even begin leaves loading and the net alone', async () => {
    const watcher = {
      watch(): never {
        throw broken();
      },
    };
    const rig = createRig({ options: { watcher } });
    await rig.config.ready;
    rig.fs.write(file, 'port: 81\n');
    await rig.clock.advance(4000);
    expect(rig.config.get('port')).toBe(81);
    expect(rig.config.status().watch).toMatchObject({ healthy: false, reason: 'No more watches' });
  });
});

describe('several files', () => {
  test('of one value are read in one state: a swap between two reads is read again', async () => {
    const rig = createRig({
      files: { [file]: 'port: 1\n', [other]: 'name: one\n' },
      layers: [
        { kind: 'file', path: file },
        { kind: 'file', path: other },
      ],
    });
    await rig.config.ready;
    const values: string[] = [];
    rig.config.subscribe(({ current }) =>
      values.push(`${current.value.port} ${current.value.name}`),
    );
    rig.fs.replace(file, 'port: 2\n');
    rig.fs.replace(other, 'name: two\n');
    let swapped = false;
    rig.fs.beforeStat = (path) => {
      if (path !== other || swapped || rig.fs.reads.filter((read) => read === file).length < 3)
        return;
      swapped = true;
      rig.fs.replace(file, 'port: 3\n');
      rig.fs.replace(other, 'name: three\n');
    };
    rig.watcher.hint();
    await rig.clock.advance(4000);
    expect(swapped).toBe(true);
    expect(values).toEqual(['3 three']);
  });
});
