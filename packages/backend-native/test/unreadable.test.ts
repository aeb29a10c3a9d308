import { chmodSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { NativeBench, Recorder } from './native-bench.ts';

const FORBIDDEN = 0o000;
const ALLOWED = 0o700;

describe('directories that may not be read', () => {
  beforeEach((context) => {
    if (process.platform === 'win32') context.skip('Windows has no permission bits');
    if (process.getuid?.() === 0) context.skip('the superuser may read everything');
  });

  it('are left to no subscription, told, and covered once they may be read', async () => {
    const bench = new NativeBench();
    const locked = bench.makeDirectory('locked');
    bench.makeDirectory('locked/inner');
    chmodSync(locked, FORBIDDEN);
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

  it('are refused as a root', async () => {
    const bench = new NativeBench();
    chmodSync(bench.root, FORBIDDEN);
    const opening = bench.backend.open(bench.request(), new Recorder());
    await expect(opening).rejects.toMatchObject({ code: 'ERR_WATCH_PERMISSION' });
    chmodSync(bench.root, ALLOWED);
    expect(bench.binding.calls).toEqual([]);
  });
});
