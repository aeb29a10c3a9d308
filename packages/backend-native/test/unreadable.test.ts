import { chmodSync, rmdirSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { NativeBench, Recorder } from './native-bench.ts';

const FORBIDDEN = 0o000;
const LISTED_ONLY = 0o444;
const ALLOWED = 0o700;

describe('directories that may not be read', () => {
  beforeEach((context) => {
    if (process.platform === 'win32') context.skip('Windows has no permission bits');
    if (process.getuid?.() === 0) context.skip('the superuser may read everything');
  });

  it.each([
    ['neither listed nor entered', FORBIDDEN],
    ['listed and not entered', LISTED_ONLY],
  ])('that are %s: no subscription, told, and covered once they may be read', async (_, mode) => {
    const bench = new NativeBench();
    const locked = bench.makeDirectory('locked');
    bench.makeDirectory('locked/inner');
    chmodSync(locked, mode);
    const { subscription, recorder } = await bench.open();
    expect(bench.binding.subscriptions).toMatchObject([
      { directory: bench.root, ignore: [locked] },
    ]);
    expect(recorder.problems).toMatchObject([
      { code: 'ERR_WATCH_PERMISSION', effect: 'partial', paths: [locked] },
    ]);
    await bench.clock.advance(2000);
    expect(bench.binding.open).toEqual([bench.root]);
    chmodSync(locked, ALLOWED);
    await bench.clock.advance(2000);
    await bench.until(() => expect(bench.binding.open).toEqual([bench.root, locked]));
    await bench.until(() => expect(recorder.of(locked)).toMatchObject([{ reach: 'tree' }]));
    expect(recorder.problems).toHaveLength(1);
    expect(recorder.regained).toEqual([locked]);
    await subscription.close();
  });

  it('are taken up again when they arrive closed, or an event names what cannot be read', async () => {
    const bench = new NativeBench();
    const locked = bench.makeDirectory('locked');
    const known = bench.makeDirectory('locked/known');
    const { subscription, recorder } = await bench.open();
    const arrived = bench.makeDirectory('locked/arrived');
    bench.write('locked/arrived/inner/file');
    chmodSync(locked, LISTED_ONLY);
    bench.binding.emit(bench.root, ['create', arrived], ['update', known]);
    await bench.until(() => expect(recorder.of(known)).toHaveLength(1));
    expect(recorder.of(known)[0]).not.toHaveProperty('stat');
    expect(recorder.of(known)[0]).not.toHaveProperty('hint', 'removed');
    await bench.clock.advance(2000);
    expect(bench.binding.open).toEqual([bench.root]);
    chmodSync(locked, ALLOWED);
    await bench.clock.advance(2000);
    await bench.until(() => expect(bench.binding.open).toContain(arrived));
    await bench.until(() => expect(recorder.of(arrived).at(-1)).toMatchObject({ reach: 'tree' }));
    await subscription.close();
  });

  it('stop being a problem when they are gone', async () => {
    const bench = new NativeBench();
    const locked = bench.makeDirectory('locked');
    chmodSync(locked, LISTED_ONLY);
    const { subscription, recorder } = await bench.open();
    expect(recorder.problems).toMatchObject([{ paths: [locked] }]);
    rmdirSync(locked);
    await bench.clock.advance(2000);
    expect(recorder.regained).toEqual([locked]);
    await subscription.close();
  });

  it('are refused as a root', async () => {
    const bench = new NativeBench();
    chmodSync(bench.root, FORBIDDEN);
    const opening = bench.backend.open(bench.request(), new Recorder());
    await expect(opening).rejects.toMatchObject({ code: 'ERR_WATCH_PERMISSION' });
    chmodSync(bench.root, ALLOWED);
    expect(bench.binding.calls).toEqual([]);
  });
});
